"""Whom another rule of incompatible roles would keep from what he holds: said when it is proposed, and it comes into force
once nobody is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.refusals import NotNow
from foundation.rules import events
from foundation.rules.defaults import Rule
from foundation.rules.events import Preview
from foundation.wording import aside, filled, listed
from organizations.people import incompatible
from organizations.people.incompatible import Incompatible
from organizations.people.models import Membership
from organizations.people.triggers import INCOMPATIBLE

#: People that are named at most.
NAMED = 10


def kept_from_use(pairs: Incompatible) -> list[Membership]:
    """What people hold from today on, but for an hour's emergency, and might not use beside an earlier role, by these pairs."""
    held: dict[int, list[Membership]] = defaultdict(list)
    counted = Membership.objects.from_today().filter(until=None, user__is_active=True)
    for membership in counted.select_related("user", "organization", "place"):
        held[membership.user_id].append(membership)
    return [
        membership
        for several in held.values()
        for membership in several
        if not incompatible.usable(membership, several, pairs)
    ]


def _named(lost: list[Membership]) -> str:
    return listed(aside(one.user.full_name, str(one)) for one in lost[:NAMED])


@events.previews.register
def who_would_lose_a_role(rule: Rule, value: Mapping[str, Any]) -> list[Preview]:
    """Who holds from today on what another value of the rule keeps from use."""
    if rule.key != INCOMPATIBLE:
        return []
    lost = kept_from_use(incompatible.of_value(value))
    label = _("因此不能再用的身份")
    if not lost:
        return [Preview(label, _("没有人受影响。"))]
    note = _("共 %(n)s 个。这些人要先结束其中一个身份\uff0c这条规则才能生效。") % {"n": len(lost)}
    return [Preview(label, _named(lost), note)]


@events.against.register
def while_somebody_holds_both(key: str, value: Mapping[str, Any]) -> NotNow | None:
    """Why the rule is not put in force: it would take a role from somebody without anybody ending it."""
    lost = kept_from_use(incompatible.of_value(value)) if key == INCOMPATIBLE else []
    if not lost:
        return None
    words = gettext_lazy("现在还有人兼任\uff1a%(people)s。请先结束其中一个身份\uff0c再办理。")
    return NotNow(filled(words, people=_named(lost)), rule="S33")
