"""Cases keep a window or a body in use: it is not closed while they are open there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from foundation.refusals import Words
from foundation.wording import filled
from organizations.bodies import events
from organizations.bodies.models import Organization
from referrals.matters.models import Matter
from referrals.matters.states import MatterStatus
from referrals.needs.models import Need
from referrals.needs.states import NeedStatus


@events.hanging.register
def cases_there(organizations: Sequence[Organization]) -> Mapping[int, Sequence[Words]]:
    """How many matters and needs are open at each of the organizations, by primary key."""
    keys = [organization.pk for organization in organizations]
    matters = Matter.objects.filter(window__in=keys, status__in=MatterStatus.unfinished())
    needs = Need.objects.filter(body__in=keys, status__in=NeedStatus.unfinished())
    found: dict[int, list[Words]] = defaultdict(list)
    counted: tuple[tuple[QuerySet[Matter] | QuerySet[Need], str, Words], ...] = (
        (matters, "window", _("有 %(count)s 件事项没有办结。")),
        (needs, "body", _("有 %(count)s 项需求没有办结。")),
    )
    for rows, path, words in counted:
        for pk, count in rows.order_by().values_list(path).annotate(Count("pk")):
            found[pk].append(filled(words, count=count))
    return found
