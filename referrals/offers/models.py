"""Referrals of one need to one provider."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.offers.models import Offer
from contracts.contracts.models import Contract, ContractLine
from contracts.invoices import deliveries
from foundation import moments
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import ANSWERING, ASKED, DROPPED, ENDED, PREPARED, SERVING
from foundation.parties import SeenQuerySet, reads
from foundation.personal_data.disclosing import Disclosing, Telling
from foundation.personal_data.fields import EncryptedField, SealedTextField
from foundation.roles import HOUSEHOLD_SIDE, PROVIDER_SIDE, Actor
from foundation.wording import in_this_language
from households.consents.models import Consent
from households.register.models import Household
from organizations.people.models import User
from organizations.places.models import Place
from organizations.providers.models import Provider
from referrals.needs.models import Need
from referrals.offers.ask import AskedFor
from referrals.offers.events import waiting_for_hand_over
from referrals.offers.states import LIVE, REFERRAL, UNANSWERED, VISITED, VOLUNTEERED, ReferralStatus
from referrals.permissions import READ_OF_REFERRALS, sees_referrals
from referrals.requests.models import Mode, RequestForOffers


class ReferralQuerySet(SeenQuerySet["Referral"]):
    def unanswered(self) -> ReferralQuerySet:
        """Those of which the provider has been asked, and has not answered."""
        return self.filter(status__in=UNANSWERED)

    def volunteered(self) -> ReferralQuerySet:
        """Those whose provider would serve, and another may still be chosen."""
        return self.filter(status__in=ReferralStatus.with_trait(VOLUNTEERED))


class Referral(Disclosing, AskedFor, LifecycleModel):
    """One need offered to one provider. Units are those of the item; they are reserved on ``line`` (none:
    charity), and ``weekly`` units of the provider's week are booked while it serves.

    ``replaces`` is the referral that goes on until this one is accepted. ``contact_*`` is what the provider
    received at acceptance, under consent; it is erased when the referral closes. ``died_on`` is the day of a
    death that closed it, ``last_visits_until`` the last day on which visits made before may be entered.
    ``line_before`` is the line of a contract that ended while the service went on. ``case_mix`` is the
    stratum of the case when it was prepared (``referrals.matching.case_mix``); ``ended_by`` is the role that
    ended it early.
    """

    lifecycle = REFERRAL
    seen_by = sees_referrals()
    at_a_glance = ("number", ("provider", _("承接主体")), "units", "goal")
    read_by = READ_OF_REFERRALS
    worklist_joins = ("offer__item", "town", "need")
    unjournaled = ("choice",)
    confided = ("choice_reason", "override_reason")
    reasons_as = "outcome"

    number = models.CharField(_("转介号"), max_length=20, unique=True)
    need = models.ForeignKey(Need, models.PROTECT, related_name="referrals")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="referrals")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="referrals")
    request_for_offers = models.ForeignKey(
        RequestForOffers, models.PROTECT, null=True, blank=True, related_name="referrals"
    )
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    line = models.ForeignKey(ContractLine, models.PROTECT, null=True, blank=True, related_name="referrals")
    line_before = models.ForeignKey(
        ContractLine, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("原合同项目")
    )
    town = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("镇街"))
    size = models.PositiveSmallIntegerField(_("家庭人口"))
    urgent = models.BooleanField(_("急难"), default=False)
    used = models.PositiveIntegerField(_("已服务数量"), default=0)
    case_mix = models.CharField(_("个案类型"), max_length=40, blank=True)
    ended_by = models.CharField(_("由谁提前结束"), max_length=20, blank=True)
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, blank=True)
    choice = models.JSONField(_("选择依据"), default=dict)
    worker = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("社工")
    )
    plan_text = SealedTextField(_("服务计划"))
    review_text = SealedTextField(_("最近一次回顾"), default=b"")
    reviewed_at = models.DateTimeField(_("回顾时间"), null=True, blank=True)
    outcome = SealedTextField(_("服务结果"))
    goal_level = models.PositiveSmallIntegerField(_("目标达成"), null=True, blank=True)
    contact_name = EncryptedField(kind="name", verbose_name=_("联系人"), null=True, blank=True)
    contact_phone = EncryptedField(kind="phone", verbose_name=_("联系电话"), null=True, blank=True)
    contact_address = EncryptedField(kind="address", verbose_name=_("住址"), null=True, blank=True)
    died_on = models.DateField(_("去世日期"), null=True, blank=True)
    last_visits_until = models.DateField(_("补登服务截止"), null=True, blank=True)
    offered_at = models.DateTimeField(_("发出时间"), null=True, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    first_visit_at = models.DateTimeField(_("首次服务"), null=True, blank=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    status = models.CharField(
        _("状态"), max_length=20, choices=ReferralStatus.choices, default=ReferralStatus.DRAFT
    )

    objects = ReferralQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["provider", "status", "-id"]),
            # Every candidate's answer time is read from this index alone.
            models.Index(
                fields=["provider", "-answered_at"],
                include=["offered_at"],
                condition=models.Q(answered_at__isnull=False),
                name="referral_pace",
            ),
            # The daily totals are read by the day of the event.
            models.Index(fields=["answered_at"], name="referral_answered"),
            models.Index(fields=["finished_at"], name="referral_finished"),
            models.Index(fields=["town", "status", "-id"]),
            models.Index(fields=["worker", "status", "-id"]),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(units__gt=0), name="referral_has_units"),
            models.CheckConstraint(
                condition=models.Q(used__lte=models.F("units")), name="referral_not_over_units"
            ),
            models.CheckConstraint(
                condition=models.Q(goal_level=None) | models.Q(goal_level__gte=1, goal_level__lte=5),
                name="referral_goal_1_to_5",
            ),
            models.CheckConstraint(condition=models.Q(weekly__gt=0), name="referral_weekly_positive"),
            models.UniqueConstraint(
                fields=["need"],
                condition=models.Q(status__in=ReferralStatus.in_phase(SERVING)),
                name="one_provider_serves_a_need",
            ),
            models.UniqueConstraint(
                fields=["need"],
                condition=models.Q(
                    status__in=ReferralStatus.in_phase(PREPARED, ASKED), request_for_offers=None
                ),
                name="one_open_offer_for_a_need",
            ),
            models.UniqueConstraint(
                fields=["request_for_offers", "provider"], name="provider_once_in_a_request"
            ),
        ]
        triggers = [REFERRAL.trigger()]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("referral", args=[self.number])

    @property
    def about_whom(self) -> Household:
        """The household that may ask who read this."""
        return self.need.matter.household

    @property
    def choice_parts(self) -> list[dict[str, Any]]:
        """The parts of the score by which it was chosen, with the reason for each, in the reader's language."""
        return [
            {**part, "name": in_this_language(part["name"]), "words": in_this_language(part["words"])}
            for part in self.choice.get("parts", ())
        ]

    @property
    def choice_reason(self) -> str:
        """Why this candidate was chosen."""
        return self.choice.get("reason") or ""

    @property
    def override_reason(self) -> str:
        """Why help was given although the checks spoke against it."""
        return self.choice.get("override") or ""

    def discloses(self, field: str, reader: Actor) -> Telling:
        """Goal, plan and outcome: for the parties, for a provider only if it has not refused or lost the
        case; others in oversight give a reason first.

        Contact data always after a reason: for the provider while it serves and consent holds, for the window
        and oversight.
        """
        if not reads(reader, self, field):
            return Telling.NEVER
        provider_side = reader.role in PROVIDER_SIDE
        if field.startswith("contact_"):
            agreed = self.consent is None or self.consent.holds
            return Telling.REASON if not provider_side or (self.known and agreed) else Telling.NEVER
        if reader.overseeing:
            return Telling.REASON
        if provider_side and self.dropped:
            return Telling.NEVER
        parties = provider_side or reader.role in HOUSEHOLD_SIDE
        return Telling.PLAIN if parties else Telling.NEVER

    @property
    def finished_on(self) -> date | None:
        """The day on which the service ended; None while it goes on, and after a death (``died_on``)."""
        return self.finished_at.astimezone(moments.SHANGHAI).date() if self.finished_at else None

    @property
    def last_day(self) -> date | None:
        """The last day of a service that is over, at the latest that of its contract; None while it goes on,
        where it never began, and after a death (``died_on``).
        """
        last = self.finished_on
        if not self.served_before or self.died_on or last is None:
            return None
        ended = deliveries.last_day_of(self.line) if self.line else None
        return last if ended is None else min(last, ended)

    @property
    def takes_late_visits(self) -> bool:
        """Whether visits made before the end of the service, or before the death, may still be entered."""
        until = (
            self.last_visits_until if self.died_on else self.last_day and deliveries.late_until(self.last_day)
        )
        return until is not None and moments.today() <= until and self.used < self.units

    @property
    def awaits_the_best(self) -> bool:
        """Whether the best of several answers will win instead of the first."""
        return self.request_for_offers is not None and self.request_for_offers.mode == Mode.BEST

    @property
    def known(self) -> bool:
        """Whether the provider may know whom it serves."""
        return self.status in ReferralStatus.knowing()

    @property
    def asked(self) -> bool:
        """Whether the provider has been asked, and nobody has accepted or given up."""
        return self.status in ReferralStatus.in_phase(ASKED)

    @property
    def awaits_an_answer(self) -> bool:
        """Whether the provider has been asked and has not answered."""
        return self.status in UNANSWERED

    @property
    def served(self) -> bool:
        """Whether the provider serves or has agreed to."""
        return self.status in ReferralStatus.in_phase(SERVING)

    @property
    def served_before(self) -> bool:
        """Whether the service of the provider is over."""
        return self.status in ReferralStatus.in_phase(ANSWERING, ENDED)

    @property
    def dropped(self) -> bool:
        """Whether the provider never accepted, and cannot accept any more."""
        return self.status in ReferralStatus.in_phase(DROPPED)

    @property
    def holds_data(self) -> bool:
        """Whether the provider still holds data of the household."""
        return self.status in ReferralStatus.in_phase(SERVING, ANSWERING)

    @property
    def visited(self) -> bool:
        """Whether visits are made."""
        return self.status in ReferralStatus.with_trait(VISITED)

    def case_key(self) -> str:
        return self.need.case_key()

    def beside(self) -> list[LifecycleModel]:
        """What waits for the hand-over of a provider that leaves, the contract that it was on before, which is not
        settled while visits may be entered, and the need, which is not closed while it is live.
        """
        need = (
            ()
            if self.status in ReferralStatus.in_phase(LIVE)
            else Need.objects.filter(pk=self.need_id).only("pk")
        )
        leaving = [] if self.provider.accredited else waiting_for_hand_over.call(self.provider)
        before = Contract.objects.filter(lines=self.line_before_id).only("pk") if self.line_before_id else ()
        return [*before, *need, *(waiting for found in leaving for waiting in found)]

    def due_beside(self) -> list[LifecycleModel]:
        """Nothing is due with a referral."""
        return []

    def due_with(self) -> list[LifecycleModel]:
        """An urgent need, whose first help is due in hours."""
        return [self.need] if self.need.urgent else []

    def row_title(self) -> str:
        return f"{self.offer.item.local_name} · {self.town}"

    def row_whose(self) -> str:
        return f"{self.contact_name or ''}"
