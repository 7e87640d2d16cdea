"""Whom another rule of incompatible roles keeps from what he holds: said before it is decided, and told afterwards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.refusals import NotNow
from foundation.roles import SEES_STAFF
from foundation.rules import events
from foundation.rules.defaults import Rule
from foundation.rules.events import Preview
from foundation.wording import aside, filled, listed
from organizations.people import administrators, incompatible, telling
from organizations.people.incompatible import Incompatible
from organizations.people.models import Membership
from organizations.people.triggers import INCOMPATIBLE

#: People that are named at most.
NAMED = 10


def kept_from_use(pairs: Incompatible) -> list[Membership]:
    """What people hold today and may not use beside an earlier role, by these pairs."""
    held: dict[int, list[Membership]] = defaultdict(list)
    today = Membership.objects.on(moments.today()).filter(user__is_active=True, user__private=False)
    for membership in today.select_related("user", "organization", "place"):
        held[membership.user_id].append(membership)
    found: list[Membership] = []
    for several in held.values():
        used = incompatible.compatible(several, pairs)
        found += [membership for membership in several if membership not in used]
    return found


@events.previews.register
def who_would_lose_a_role(rule: Rule, value: Mapping[str, Any]) -> list[Preview]:
    """Who holds today what another value of the rule keeps from use."""
    if rule.key != INCOMPATIBLE:
        return []
    now = {membership.pk for membership in kept_from_use(incompatible.in_force())}
    lost = [one for one in kept_from_use(incompatible.of_value(value)) if one.pk not in now]
    label = _("因此不能再用的身份")
    if not lost:
        return [Preview(label, _("没有人受影响。"))]
    names = listed(aside(one.user.full_name, str(one)) for one in lost[:NAMED])
    note = _("共 %(n)s 个。生效以后\uff0c这些人只能用先得到的身份\uff1b请先结束其中一个\uff0c或者换人。") % {
        "n": len(lost)
    }
    return [Preview(label, names, note)]


@events.put_in_force.register
def tell_who_has_lost_a_role(key: str) -> None:
    """Tell whoever may not use what he holds any more, and all who answer for the city; raises ``NotNow`` where nobody is
    left who lets people in.
    """
    if key != INCOMPATIBLE:
        return
    if not administrators.held():
        words = gettext_lazy("按这条规则\uff0c全市没有一个系统管理员还能用这个身份。请先换人\uff0c再改规则。")
        raise NotNow(words, rule="S33")
    lost = kept_from_use(incompatible.in_force())
    own = gettext_lazy(
        "您的身份“%(seat)s”现在不能用\uff1a按规则\uff0c它和您的另一个身份不能由同一人担任。请找管理员结束其中一个。"
    )
    others = gettext_lazy(
        "%(name)s的身份“%(seat)s”现在不能用\uff1a按规则\uff0c不能和另一个身份由同一人担任。请结束其中一个。"
    )
    responsible = Membership.objects.of_today().filter(role__in=SEES_STAFF, until=None, user__is_active=True)
    people = {one.user_id: one.user for one in responsible.select_related("user")}
    for membership in lost:
        page = membership.get_absolute_url()
        telling.tell(membership.user, filled(own, seat=membership), about="membership:kept_apart", page=page)
        words = filled(others, name=membership.user.full_name, seat=membership)
        for person in people.values():
            if person.pk != membership.user_id:
                telling.tell(person, words, about="membership:kept_apart", page=page)
