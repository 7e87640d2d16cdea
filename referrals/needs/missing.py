"""Help that a household should have and nobody has offered: the reverse of the checks (S22)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Concat
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
from households.register.models import Household
from households.register.states import HouseholdStatus
from organizations.responsibilities import offered
from referrals.needs import checks
from referrals.needs.models import MissingHelp, Need, Override
from referrals.needs.states import TO_SEND, NeedStatus
from referrals.offers.states import ReferralStatus
from referrals.permissions import window


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
        return offered.called(self.kind)


def _expected(rule: Rule) -> Iterator[tuple[str, str]]:
    """Each category of households with each kind of help that it usually needs, of those that the city takes."""
    taken = set(offered.offered())
    for category, kinds in rule.value["expected"].items():
        yield from ((category, kind) for kind in kinds if kind in taken)


def found(actor: Actor) -> models.QuerySet[MissingHelp]:
    """What was found in the night by category, in what the actor sees, and holds still."""
    rule = reading.current("checks.missing")
    since = moments.now() - timedelta(days=rule.value["days"])
    own = {"household": OuterRef("household")}
    asked = Need.objects.filter(
        matter__household=OuterRef("household"), kind=OuterRef("kind"), created_at__gte=since
    )
    helped = HelpReceived.objects.filter(**own, need_kind=OuterRef("kind"), given_on__gte=since.date())
    key = Concat(Value(_key("")), OuterRef("kind"))
    dismissed = Override.objects.filter(**own, key=key, at__gte=since)
    usual = models.Q(pk__in=())
    for category, kind in _expected(rule):
        usual |= models.Q(household__category=category, kind=kind)
    rows = MissingHelp.objects.filter(
        usual, household__verified=True, household__status__in=HouseholdStatus.unfinished()
    ).filter(~Exists(asked), ~Exists(helped), ~Exists(dismissed))
    if actor.place_id is not None:
        rows = rows.filter(town=actor.place_id)
    return rows.filter(household__in=Household.objects.visible_to(actor)).select_related("household__place")


def in_words(rows: Iterable[MissingHelp]) -> list[Gap]:
    """What was found in the night, each with the reason."""
    days = reading.current("checks.missing").value["days"]
    words = _("%(category)s家庭通常需要“%(kind)s”，%(days)s 天内没有人提出，也没有人提供。")
    return [
        Gap(
            row.household,
            row.kind,
            words
            % {
                "category": row.household.get_category_display(),
                "kind": row.get_kind_display(),
                "days": days,
            },
        )
        for row in rows
    ]


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
    for category, kind in reversed(list(_expected(rule))):  # lists show what was found last first
        found = _never_offered(category, kind, rule.value["days"]).order_by().values("id", "town_id")
        statement, given = found.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(_KEEP.format(found=sql.SQL(statement)), [kind, now, *given])
            kept += cursor.rowcount
    return kept


def waiting(actor: Actor) -> models.QuerySet[Need]:
    """Needs at the window for which nobody has been asked for too long, in what the actor sees."""
    days = reading.current("checks.missing").value["waiting_days"]
    since = moments.now() - timedelta(days=days)
    return (
        Need.objects.visible_to(actor)
        .filter(status__in=NeedStatus.in_phase(TO_SEND), created_at__lt=since)
        .exclude(referrals__status__in=ReferralStatus.in_phase(PREPARED, ASKED, SERVING))
        .select_related("matter__household__place")
    )


def waiting_in_words(needs: Iterable[Need]) -> list[Gap]:
    """Needs that wait for too long, each with the reason."""
    days = reading.current("checks.missing").value["waiting_days"]
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
    words = _("没有人提供“%(kind)s”") % {"kind": offered.called(kind)}
    MissingHelp.objects.filter(household=household, kind=kind).delete()
    return checks.set_aside(household, _key(kind), words, by=by, reason=reason)


def _key(kind: str) -> str:
    return f"missing:{kind}"
