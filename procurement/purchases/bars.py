"""Who may not give the award: whoever judged the bids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.apps import apps

if TYPE_CHECKING:
    from procurement.purchases.models import Project


def sat_on_the_panel(projects: Sequence[Project]) -> dict[int, set[int]]:
    """The experts who were drawn for the panel, by purchase."""
    seats = apps.get_model("procurement.PanelSeat")._default_manager.filter(project__in=projects)
    found: dict[int, set[int]] = defaultdict(set)
    for project, person in seats.values_list("project_id", "person_id"):
        found[project].add(person)
    return found
