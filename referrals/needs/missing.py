"""Help that a household should have and nobody has offered: the reverse of the checks (S22)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from psycopg import sql

from foundation import moments
from foundation.lifecycle.phases import ASKED, PREPARED, SERVING
from foundation.parties import SeenQuerySet
from foundation.refusals import Invalid, NotYours
from foundation.roles import Actor
from foundation.rules import reading
from foundation.rules.reading import Rule
from households.help_received.models import HelpReceived
from households.register.models import Category, Household
from households.register.states import HouseholdStatus
from organizations.responsibilities.need_kinds import NeedKind
from referrals.needs import checks
from referrals.needs.models import MissingHelp, Need, Override
from referrals.needs.states import TO_SEND, NeedStatus
from referrals.offers.states import ReferralStatus
from referrals.permissions import window

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
    """The gaps in what the actor sees: by category first, as found in the night, then waiting needs."""
    return [*_by_category(actor), *_waiting(actor)]


def _expected(rule: Rule) -> Iterator[tuple[str, str]]:
    """Each category of households with each kind of help that it usually needs."""
    for category, kinds in rule.value["expected"].items():
        yield from ((category, kind) for kind in kinds if kind in NeedKind.values)


def _by_category(actor: Actor) -> list[Gap]:
    rule = reading.current("checks.missing")
    return [
        gap
        for category, kind in _expected(rule)
        for gap in _found_in_the_night(actor, category, kind, rule.value["days"])
    ]


def _found_in_the_night(actor: Actor, category: str, kind: str, days: int) -> list[Gap]:
    """What was found then and holds still: a few are asked again, the city is not searched."""
    found = MissingHelp.objects.filter(kind=kind)
    if actor.place_id is not None:
        found = found.filter(town=actor.place_id)
    few = list(found.order_by("household").values_list("household", flat=True)[: 4 * MOST])
    households = (
        _never_offered(category, kind, days)
        .visible_to(actor)
        .filter(pk__in=few)
        .select_related("place")
        .order_by("pk")[:MOST]
    )
    words = _("%(category)s家庭通常需要“%(kind)s”，%(days)s 天内没有人提出，也没有人提供。") % {
        "category": Category(category).label,
        "kind": NeedKind(kind).label,
        "days": days,
    }
    return [Gap(household, kind, words) for household in households]


def _never_offered(category: str, kind: str, days: int) -> SeenQuerySet[Household]:
    """Households of a category of which nobody asked for help of a kind, nor gave it, within days."""
    since = moments.now() - timedelta(days=days)
    own = {"household": OuterRef("pk")}
    asked = Need.objects.filter(matter__household=OuterRef("pk"), kind=kind, created_at__gte=since)
    helped = HelpReceived.objects.filter(**own, need_kind=kind, given_on__gte=since.date())
    dismissed = Override.objects.filter(**own, key=_key(kind), at__gte=since)
    return Household.objects.filter(
        category=category, status__in=HouseholdStatus.unfinished(), verified=True
    ).filter(~Exists(asked), ~Exists(helped), ~Exists(dismissed))


def looked_at() -> datetime | None:
    """When the worker last searched the city; None where it found nothing, or has not looked yet."""
    return MissingHelp.objects.order_by("-pk").values_list("looked_at", flat=True).first()


_KEEP = sql.SQL("""
    INSERT INTO referrals_missinghelp (household_id, town_id, kind, looked_at)
    SELECT found.id, found.town_id, %s, %s FROM ({found}) found ON CONFLICT DO NOTHING
""")


@transaction.atomic
def look_again() -> int:
    """Search the city for households that should have help and have none; returns how many gaps there are."""
    rule, now, kept = reading.current("checks.missing"), moments.now(), 0
    MissingHelp.objects.all().delete()
    for category, kind in _expected(rule):
        found = _never_offered(category, kind, rule.value["days"]).order_by().values("id", "town_id")
        statement, given = found.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(_KEEP.format(found=sql.SQL(statement)), [kind, now, *given])
            kept += cursor.rowcount
    return kept


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
    if not window.admits(by, household):
        raise NotYours(_("这户不归您的窗口负责。"), rule="S22")
    if not reason.strip():
        message = _("请写明理由。")
        raise Invalid(message, fields={"reason": message}, rule="S22")
    words = _("没有人提供“%(kind)s”") % {"kind": NeedKind(kind).label}
    MissingHelp.objects.filter(household=household, kind=kind).delete()
    return checks.set_aside(household, _key(kind), words, by=by, reason=reason)


def _key(kind: str) -> str:
    return f"missing:{kind}"
