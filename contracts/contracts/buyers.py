"""Who may buy: bodies that the city has named as such (102号令第五条)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from contracts.contracts.states import CONTRACT
from foundation.refusals import Refused
from foundation.roles import Actor
from organizations.bodies.models import Organization


def not_a_buyer(by: Actor) -> Refused | None:
    """Why somebody draws up no contract and plans no purchase: the body acted for may not buy."""
    if Organization.objects.filter(pk=by.organization, may_buy=True).exists():
        return None
    return Refused(gettext_lazy("您的单位不是购买主体。"), rule="102号令第五条")


CONTRACT.barred["draft"] = not_a_buyer
