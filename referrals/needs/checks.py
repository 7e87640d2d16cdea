"""Checks for help that would be given twice or exceed a ceiling, before it is given.

Every finding names its facts, the rule and its version, and may be set aside with a reason that is recorded
(S22). Help follows the person, wherever it lived.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import prefetch_related_objects
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from catalog.items.models import Item
from foundation import moments
from foundation.lifecycle.phases import ASKED, PREPARED, SERVING
from foundation.personal_data.disclosing import Telling
from foundation.personal_data.masking import mask_all
from foundation.refusals import Invalid
from foundation.roles import Actor
from foundation.rules import reading
from foundation.wording import aside, day, labelled
from households.help_received import helping
from households.help_received.models import HelpReceived, Source
from households.register.models import Household
from organizations.responsibilities import offered
from referrals.needs.models import Need, Override
from referrals.needs.states import HELPED, NeedStatus
from referrals.offers.models import Referral
from referrals.offers.states import ReferralStatus

#: The rules by which is checked.
REPEAT, OVERLAPS, CEILINGS = "checks.repeat", "checks.overlaps", "checks.ceilings"


@dataclass(frozen=True)
class Finding:
    """``key`` is the same for the same finding; ``kind`` is duplicate, excess or overlap; ``why`` is the
    reason with which somebody set it aside.
    """

    key: str
    kind: str
    words: str
    rule: str
    version: int
    set_aside: Override | None = None
    why: str = ""

    @property
    def stands(self) -> bool:
        """Whether nobody has set it aside for this need."""
        return self.set_aside is None

    @property
    def goes_on(self) -> str:
        """That somebody set it aside, and why."""
        return labelled(_("已核实继续"), self.why)


def of_need(need: Need) -> list[Finding]:
    """The findings against serving the need at all: it is being served, or was lately."""
    return of_needs([need])[need.pk]


def of_needs(needs: Sequence[Need]) -> dict[int, list[Finding]]:
    """The findings of ``of_need`` for needs of one household, by primary key, in as many queries as for one."""
    if not needs:
        return {}
    had = _Had(needs[0].matter.household)
    known = [_Known(need, had) for need in needs]
    found = {one.need.pk: one.same_need() for one in known}
    prefetch_related_objects([need for need in needs if found[need.pk]], "overrides")
    return {one.need.pk: one.judged(found[one.need.pk]) for one in known}


def in_words(need: Need) -> str:
    """The findings of ``of_need``, a line each, with the reason of whoever set it aside."""
    return "\n".join(
        f"{finding.words}{finding.goes_on}" if finding.set_aside else finding.words
        for finding in of_need(need)
    )


def shown_to(reader: Actor, need: Need) -> list[Finding]:
    """The findings of ``of_need`` with the words that ``reader`` may read, since they tell of earlier help
    and why it was set aside. Other readers learn only that something was found, and by which rule.
    """
    found = of_need(need)
    if need.discloses("what_stands_against", reader) is Telling.PLAIN:
        return found
    return [replace(finding, words=mask_all(finding.words), why="") for finding in found]


def of_help(need: Need, item: Item | None, amount: Decimal) -> list[Finding]:
    """The findings against help worth ``amount`` CNY, by an item of the catalog if one is given."""
    known = _Known(need, _Had(need.matter.household))
    found = known.same_need()
    if item is not None:
        found += known.same_item(item) + known.overlaps(item)
    return known.judged(found + known.ceiling(amount))


def require(findings: Iterable[Finding], need: Need, *, by: Actor, reason: str) -> list[Finding]:
    """Require a reason for help that the checks speak against, and record it for each finding.

    Returns what was set aside. Raises ``Invalid`` at ``override_reason`` without a reason.
    """
    standing = [finding for finding in findings if finding.stands]
    if standing and not reason.strip():
        message = _("请先核实：%(what)s 确需继续，请写明理由。") % {
            "what": " ".join(finding.words for finding in standing)
        }
        raise Invalid(message, fields={"override_reason": message}, rule="S22")
    for finding in standing:
        set_aside(need.matter.household, finding.key, finding.words, by=by, reason=reason, need=need)
    return standing


def set_aside(
    household: Household, key: str, words: str, *, by: Actor, reason: str, need: Need | None = None
) -> Override:
    """Record why a finding does not stand."""
    return Override.objects.create(
        household=household,
        need=need,
        key=key,
        words=words[:400],
        reason=reason[:300],
        actor_id=by.user_id,
        actor_name=by.name,
        at=moments.now(),
    )


@dataclass(frozen=True)
class _Served:
    """A referral by which a provider has served a need: the provider's organization, the code of the item, and
    the day on which it was made.
    """

    by: int
    item_code: str
    on: date


#: What the checks read of a line of help.
READ_OF_HELP = (
    *("household", "source", "giver__name", "told_giver", "given_on"),
    *("need_kind", "item_code", "what", "amount"),
)


class _Had:
    """What a household has and had, whichever of its needs is asked about; each part is read once."""

    def __init__(self, household: Household) -> None:
        self.household = household
        self.today = moments.today()
        self.rules = reading.several(REPEAT, OVERLAPS, CEILINGS)

    @cached_property
    def help(self) -> list[HelpReceived]:
        """The help of the longest time that a rule looks back."""
        repeat = self.rules[REPEAT].value
        longest = max(repeat["need_days"], repeat["item_days"], self.rules[CEILINGS].value["days"])
        known = helping.known_help(self.household).filter(given_on__gte=self.today - timedelta(days=longest))
        return list(known.select_related("giver").only(*READ_OF_HELP))

    @cached_property
    def running(self) -> list[Referral]:
        """The referrals that a provider is asked for or serves."""
        running = Referral.objects.filter(
            need__matter__household=self.household,
            status__in=ReferralStatus.in_phase(PREPARED, ASKED, SERVING),
        )
        return list(running.select_related("offer__item", "need", "provider__organization"))

    @cached_property
    def at_work(self) -> list[Need]:
        """The needs at which somebody is, or which were met, the oldest first."""
        at_work = NeedStatus.in_phase(ASKED, SERVING) + NeedStatus.with_trait(HELPED)
        needs = Need.objects.filter(matter__household=self.household, status__in=at_work)
        return list(needs.select_related("matter").only("kind", "status", "matter__number"))

    @cached_property
    def served(self) -> dict[int, list[_Served]]:
        """The referrals of which something was used, by the primary key of the need."""
        found: dict[int, list[_Served]] = defaultdict(list)
        used = Referral.objects.filter(need__matter__household=self.household, used__gt=0).order_by("pk")
        for need_id, by, code, at in used.values_list(
            "need_id", "provider__organization_id", "offer__item__code", "created_at"
        ):
            found[need_id].append(_Served(by, code, at.astimezone(moments.SHANGHAI).date()))
        return found


class _Known:
    """What is known of one need, and of the help that its household has and had."""

    def __init__(self, need: Need, had: _Had) -> None:
        self.need, self.had = need, had
        self.household, self.rules = had.household, had.rules

    @property
    def running(self) -> list[Referral]:
        """The running referrals of other needs of the household."""
        return [referral for referral in self.had.running if referral.need_id != self.need.pk]

    def judged(self, findings: list[Finding]) -> list[Finding]:
        """The findings, with what somebody has already set aside for this need."""
        if not findings:
            return []
        done = {override.key: override for override in self.need.overrides.all()}
        return [
            replace(finding, set_aside=done[finding.key], why=done[finding.key].reason)
            if finding.key in done
            else finding
            for finding in findings
        ]

    def _since(self, days: int) -> list[HelpReceived]:
        first = self.had.today - timedelta(days=days)
        return [given for given in self.had.help if given.given_on >= first]

    def same_need(self) -> list[Finding]:
        """The same kind of need is being handled in another matter, or was met lately."""
        rule, kind = self.rules[REPEAT], self.need.kind
        label = offered.called(kind)
        key = f"same_need:{kind}"
        itself = (self.need.pk, self.need.follows_id)
        others = (need for need in self.had.at_work if need.kind == kind and need.pk not in itself)
        other = next(others, None)
        if other is not None:
            words = _("“%(kind)s”已在受理号 %(number)s 中办理（%(state)s）。") % {
                "kind": label,
                "number": other.matter.number,
                "state": other.status_label,
            }
            return [Finding(key, "duplicate", words, rule.key, rule.version)]
        for given in self._since(rule.value["need_days"]):
            if given.need_kind == kind and not self._met_this_need(given):
                words = _("“%(kind)s”在 %(day)s 已由 %(giver)s 帮助过：%(what)s。") % {
                    "kind": label,
                    "day": day(given.given_on),
                    "giver": given.from_whom,
                    "what": given.what,
                }
                return [Finding(key, "duplicate", words, rule.key, rule.version)]
        return []

    def _met_this_need(self, given: HelpReceived) -> bool:
        """Whether the help was given for this very need, which is then no repetition of itself."""
        if given.giver_id is None or given.household_id != self.household.pk:
            return False
        if given.source == Source.GOVERNMENT:
            finished = self.need.finished_at
            on = finished.astimezone(moments.SHANGHAI).date() if finished else None
            return (given.giver_id, given.given_on, given.amount) == (
                self.need.body_id,
                on,
                self.need.granted,
            )
        return any(
            (served.by, served.item_code) == (given.giver_id, given.item_code) and served.on <= given.given_on
            for served in self.had.served.get(self.need.pk, ())
        )

    def same_item(self, item: Item) -> list[Finding]:
        """The same item is being given, or was given lately."""
        rule, key = self.rules[REPEAT], f"same_item:{item.code}"
        for referral in self.running:
            if referral.offer.item.code == item.code:
                words = _("“%(item)s”正在由 %(provider)s 提供（%(number)s）。") % {
                    "item": item.name,
                    "provider": referral.provider,
                    "number": referral.number,
                }
                return [Finding(key, "duplicate", words, rule.key, rule.version)]
        for helped in self._since(rule.value["item_days"]):
            if helped.item_code == item.code:
                words = _("“%(item)s”在 %(day)s 已由 %(giver)s 提供过。") % {
                    "item": item.name,
                    "day": day(helped.given_on),
                    "giver": helped.from_whom,
                }
                return [Finding(key, "duplicate", words, rule.key, rule.version)]
        return []

    def overlaps(self, item: Item) -> list[Finding]:
        """Another programme covers the same at the same time."""
        rule = self.rules[OVERLAPS]
        found = []
        for pair in rule.value["pairs"]:
            mine = {item.code, item.need_kind} & set(pair)
            others = set(pair) - mine
            if not mine or not others:
                continue
            met = self._met(others.pop(), rule.value["days"])
            if met:
                words = _("“%(item)s”与 %(other)s 重叠，请只保留一项。") % {"item": item.name, "other": met}
                key = f"overlap:{'+'.join(pair)}"
                found.append(Finding(key, "overlap", words, rule.key, rule.version))
        return found

    def _met(self, what: str, days: int) -> str:
        """The running or recent help of an item code or a kind of need, in words; empty for none."""
        for referral in self.running:
            if what in (referral.offer.item.code, referral.need.kind):
                return aside(referral.offer.item.name, referral.number)
        for helped in self._since(days):
            if what in (helped.item_code, helped.need_kind):
                return aside(helped.what, day(helped.given_on))
        return ""

    def ceiling(self, amount: Decimal) -> list[Finding]:
        """The total of a period would exceed the ceiling (CNY) of the household's category."""
        rule = self.rules[CEILINGS]
        most = rule.value.get(self.household.category)
        if most is None:
            return []
        days = rule.value["days"]
        so_far = sum((given.amount for given in self._since(days)), Decimal("0"))
        running = sum(
            (
                referral.line.unit_price * (referral.units - referral.used)
                for referral in self._paid()
                if referral.line is not None
            ),
            Decimal("0"),
        )
        total = so_far + running + amount
        if total <= Decimal(str(most)):
            return []
        words = _(
            "%(days)s 天内已得 %(so_far)s 元、在办 %(running)s 元，加上这次 %(amount)s 元，超过%(category)s家庭的上限 %(most)s 元。"
        ) % {
            "days": days,
            "so_far": f"{so_far:,.2f}",
            "running": f"{running:,.2f}",
            "amount": f"{amount:,.2f}",
            "category": self.household.get_category_display(),
            "most": f"{Decimal(str(most)):,.2f}",
        }
        return [Finding("ceiling", "excess", words, rule.key, rule.version)]

    def _paid(self) -> list[Referral]:
        ids = [referral.pk for referral in self.running if referral.line_id]
        return list(Referral.objects.filter(pk__in=ids).select_related("line")) if ids else []


def names_of_help() -> dict[str, str]:
    """What the rule of overlaps may name, by code: the items of the catalog in force, and the kinds of need."""
    items = {
        item.code: aside(item.local_name, item.code)
        for item in Item.objects.in_force().only("code", "name", "name_en")
    }
    return items | dict(offered.Named())
