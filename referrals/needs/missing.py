"""Help that a household should have and nobody has offered: the reverse of the checks (S22)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from foundation import moments
from foundation.lifecycle.phases import ASKED, PREPARED, SERVING
from foundation.refusals import Invalid, NotYours
from foundation.roles import Actor, Role
from foundation.rules import reading
from households.help_received.models import HelpReceived
from households.register.models import Category, Household
from households.register.states import HouseholdStatus
from organizations.responsibilities.need_kinds import NeedKind
from referrals.needs import checks
from referrals.needs.models import Need, Override
from referrals.needs.states import TO_SEND, NeedStatus
from referrals.offers.states import ReferralStatus

#: How many rows are shown of each kind of gap.
MOST = 50


@dataclass(frozen=True)
class Gap:
    """A household for which help of one kind is missing, and the reason."""

    household: Household
    kind: str
    words: str
    need: Need | None = None

    @property
    def label(self) -> str:
        """The kind of need in words."""
        return str(NeedKind(self.kind).label)


def gaps(actor: Actor) -> list[Gap]:
    """The gaps in what the actor sees: by category first, then waiting needs."""
    return [*_by_category(actor), *_waiting(actor)]


def _by_category(actor: Actor) -> list[Gap]:
    rule = reading.current("checks.missing")
    found: list[Gap] = []
    for category, kinds in rule.value["expected"].items():
        for kind in kinds:
            if kind in NeedKind.values:
                found += _never_offered(actor, category, kind, rule.value["days"])
    return found


def _never_offered(actor: Actor, category: str, kind: str, days: int) -> list[Gap]:
    since = moments.now() - timedelta(days=days)
    own = {"household": OuterRef("pk")}
    asked = Need.objects.filter(matter__household=OuterRef("pk"), kind=kind, created_at__gte=since)
    helped = HelpReceived.objects.filter(**own, need_kind=kind, given_on__gte=since.date())
    dismissed = Override.objects.filter(**own, key=_key(kind), at__gte=since)
    households = (
        Household.objects.visible_to(actor)
        .filter(category=category, status=HouseholdStatus.KNOWN, verified=True)
        .filter(~Exists(asked), ~Exists(helped), ~Exists(dismissed))
        .select_related("place")
        .order_by("pk")[:MOST]
    )
    words = _("%(category)s家庭通常需要“%(kind)s”，%(days)s 天内没有人提出，也没有人提供。") % {
        "category": Category(category).label,
        "kind": NeedKind(kind).label,
        "days": days,
    }
    return [Gap(household, kind, words) for household in households]


def _waiting(actor: Actor) -> list[Gap]:
    """Needs at the window for which nobody has been asked for too long."""
    days = reading.current("checks.missing").value["waiting_days"]
    since = moments.now() - timedelta(days=days)
    needs = (
        Need.objects.visible_to(actor)
        .filter(status__in=NeedStatus.in_phase(TO_SEND), created_at__lt=since)
        .exclude(referrals__status__in=ReferralStatus.in_phase(PREPARED, ASKED, SERVING))
        .select_related("matter__household__place")
        .order_by("created_at")[:MOST]
    )
    words = _("这项需求 %(days)s 天以上没有转给任何部门或机构。") % {"days": days}
    return [Gap(need.matter.household, need.kind, words, need) for need in needs]


def dismiss(household: Household, *, by: Actor, kind: str, reason: str) -> Override:
    """Say why a household does not need the help that seems to be missing.

    Raises ``Invalid`` without a reason, ``NotYours`` for another town's household.
    """
    if by.role != Role.WINDOW or household.town_id != by.place_id:
        raise NotYours(_("这户不归您的窗口负责。"), rule="S22")
    if not reason.strip():
        message = _("请写明理由。")
        raise Invalid(message, fields={"reason": message}, rule="S22")
    words = _("没有人提供“%(kind)s”") % {"kind": NeedKind(kind).label}
    return checks.set_aside(household, _key(kind), words, by=by, reason=reason)


def _key(kind: str) -> str:
    return f"missing:{kind}"
