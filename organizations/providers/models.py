"""Providers: organizations accredited to deliver services."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.forms.typed import folded
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import ASKED, DROPPED, ENDED, SERVING, SUSPENDED
from foundation.parties import SeenQuerySet
from foundation.personal_data.fields import EncryptedField
from foundation.refusals import Words
from foundation.roles import BUYING_AND_PAYING, Actor
from foundation.wording import filled
from organizations.bodies.models import Organization
from organizations.listings.kinds import ListKind
from organizations.listings.models import is_listed, kinds_of, stands_on
from organizations.permissions import READS_ACCOUNTS, SEES_PROVIDERS
from organizations.places.models import Place
from organizations.providers import events
from organizations.providers.states import FILLING_IN, PROVIDER, TO_BE_DECIDED, Standing


class Nature(models.TextChoices):
    """The legal form of a provider."""

    SOCIAL_ORGANIZATION = "social_organization", _("社会组织")
    SOCIAL_WORK_AGENCY = "social_work_agency", _("社会工作服务机构")
    CHARITY = "charity", _("慈善组织")
    ENTERPRISE = "enterprise", _("企业")
    INSTITUTION = "institution", _("公益二类事业单位")


class Grade(models.TextChoices):
    """The grade of an evaluation."""

    EXCELLENT = "excellent", _("优秀")
    GOOD = "good", _("良好")
    PASS = "pass", _("合格")
    FAIL = "fail", _("不合格")


#: Where the list on which a provider stands today is kept, once it is read.
LIST_OF_TODAY = "list_of_today"


class ProviderQuerySet(SeenQuerySet["Provider"]):
    def named(self, text: str) -> ProviderQuerySet:
        """Those whose Chinese or English name contains the text, half-width or full-width."""
        return self.filter(organization__plain_names__contains=folded(text).lower())

    def published(self) -> ProviderQuerySet:
        """Those that the public sees: accredited, suspended or exited."""
        return self.filter(status__in=Standing.in_phase(SERVING, SUSPENDED, ENDED))

    def suspended(self) -> ProviderQuerySet:
        """Those whose intake is interrupted."""
        return self.filter(status__in=Standing.in_phase(SUSPENDED))

    def in_good_standing(self, on: date | None = None) -> ProviderQuerySet:
        """Those that may take on new work on a day (today)."""
        return self.filter(in_good_standing(on))

    def with_lists(self) -> ProviderQuerySet:
        """Each with the list on which it stands today (``Provider.stands_on``), read with it."""
        return self.annotate(
            **{LIST_OF_TODAY: Coalesce(stands_on("organization__credit_code"), models.Value(""))}
        )


def in_good_standing(on: date | None = None, *, through: str = "") -> models.Q:
    """Accredited, the accreditation has not run out on a day (today), and on that day it stands on neither list.

    ``through`` is the path to the provider, as ``"provider__"``. Every check whether a provider may
    take on new work uses this: the state alone is not enough, since it does not change on the day on
    which the accreditation ends, nor while the registration authority lists it.
    """
    standing = models.Q(
        **{
            f"{through}status__in": Standing.in_phase(SERVING),
            f"{through}accredited_until__gte": on or moments.today(),
        }
    )
    return standing & ~models.Q(is_listed(f"{through}organization__credit_code", on))


def read_lists(providers: Collection[Provider]) -> None:
    """Read the list on which each of several providers stands today, in one statement."""
    unread = [provider for provider in providers if provider.list_of_today is None]
    kinds = kinds_of({provider.organization_id for provider in unread}) if unread else {}
    for provider in unread:
        provider.list_of_today = kinds.get(provider.organization_id, "")


class Provider(LifecycleModel):
    """The accreditation and standing of one organization.

    Scores are from 0 to 100; ``match_bonus`` is added to the ranking of its offers. ``answer_hours`` is how long it
    took to answer lately, as counted last night; None for one that has not answered yet. ``expiry_told_of`` is the
    last day of which was told, ``expiry_told_at`` so many days before it. A renewal is asked for, then checked, then
    decided. ``former_credit_code`` is kept of one whose registration ended, since whoever registers anew takes the
    code.
    """

    lifecycle = PROVIDER
    seen_by = SEES_PROVIDERS
    at_a_glance = (("credit_code", _("统一社会信用代码")), "nature", "services", "accredited_until")
    read_by: ClassVar = dict.fromkeys(
        ("bank_name", "bank_account", "renewal_asked_on", "renewal_checked_on"), READS_ACCOUNTS
    )
    worklist_joins = ("organization",)

    #: The list on which it stands today, where that was read with it; None where it was not.
    list_of_today: str | None = None

    organization = models.OneToOneField(
        Organization, models.PROTECT, related_name="provider", verbose_name=_("机构")
    )
    nature = models.CharField(_("性质"), max_length=24, choices=Nature.choices)
    legal_representative = models.CharField(_("法定代表人"), max_length=40, blank=True)
    bank_name = models.CharField(_("开户银行"), max_length=80, blank=True)
    bank_account = EncryptedField(kind="account", verbose_name=_("对公账号"), null=True, blank=True)
    services = models.CharField(_("主要服务"), max_length=500, blank=True)
    social_grade = models.PositiveSmallIntegerField(_("社会组织等级"), null=True, blank=True)
    serves = models.ManyToManyField(Place, related_name="providers", verbose_name=_("服务区域"))
    accredited_until = models.DateField(_("准入有效期至"), null=True, blank=True)
    expiry_told_of = models.DateField(null=True, blank=True, editable=False)
    expiry_told_at = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    renewal_asked_on = models.DateField(_("申请续期日期"), null=True, blank=True)
    renewal_checked_on = models.DateField(_("续期查验日期"), null=True, blank=True)
    standing_reason = models.CharField(_("暂停或退出原因"), max_length=300, blank=True)
    former_credit_code = models.CharField(
        _("登记时的统一社会信用代码"), max_length=18, blank=True, editable=False
    )
    exited_until = models.DateField(_("退出期满日"), null=True, blank=True)
    on_return = models.BooleanField(_("退出后重新准入"), default=False)
    probation_until = models.DateField(_("试用期至"), null=True, blank=True)
    last_score = models.DecimalField(_("最近评估得分"), max_digits=5, decimal_places=2, null=True)
    last_grade = models.CharField(_("最近评估等级"), max_length=10, choices=Grade.choices, blank=True)
    answer_hours = models.FloatField(_("平均答复小时数"), null=True, editable=False)
    match_bonus = models.DecimalField(_("匹配加分"), max_digits=4, decimal_places=3, default=Decimal("0"))
    status = models.CharField(_("状态"), max_length=20, choices=Standing.choices, default=Standing.REGISTERED)

    objects = ProviderQuerySet.as_manager()

    class Meta:
        ordering = ("organization__code",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_score=None) | models.Q(last_score__gte=0, last_score__lte=100),
                name="provider_score_0_to_100",
            )
        ]
        triggers = [PROVIDER.trigger()]

    def __str__(self) -> str:
        return self.organization.name

    def get_absolute_url(self) -> str:
        return reverse("provider", args=[self.pk])

    @property
    def accredited(self) -> bool:
        """Whether its state lets it work; whether the accreditation has run out is another question."""
        return Standing(self.status).phase == SERVING

    @property
    def admitted_until(self) -> date | None:
        """The last day of the accreditation that counts now; None where none does, or none any more."""
        stands = Standing(self.status).phase in (SERVING, SUSPENDED) and not self.has_run_out()
        return self.accredited_until if stands else None

    @property
    def suspended(self) -> bool:
        """Whether its intake is interrupted."""
        return Standing(self.status).phase == SUSPENDED

    @property
    def fills_in(self) -> bool:
        """Whether it fills in its facts itself, before they are checked."""
        return self.status in FILLING_IN

    @property
    def has_left(self) -> bool:
        """Whether it works for the city no more."""
        return Standing(self.status).over

    def in_good_standing(self, on: date | None = None) -> bool:
        """Whether it may take on new work on a day (today); see the function of that name."""
        return self.accredited and not self.has_run_out(on) and not self.stands_on(on)

    def stands_on(self, on: date | None = None) -> str:
        """The list of the registration authority on which it stands on a day (today), the graver one; "" for none."""
        if on is not None and on != moments.today():
            return kinds_of([self.organization_id], on).get(self.organization_id, "")
        read_lists([self])
        return self.list_of_today or ""

    @property
    def list_label(self) -> Words:
        """The list on which it stands today, in words; "" for none."""
        kind = self.stands_on()
        return ListKind(kind).label if kind else ""

    @property
    def to_be_decided(self) -> bool:
        """Whether its papers have been checked and are decided on, for admission or renewal."""
        return self.status in TO_BE_DECIDED or self.renewal_checked_on is not None

    @property
    def asks_renewal(self) -> bool:
        """Whether a renewal was asked for that is not decided yet."""
        return self.renewal_asked_on is not None or self.renewal_checked_on is not None

    def has_run_out(self, on: date | None = None) -> bool:
        """Whether its accreditation has ended before a day (today)."""
        day_ = on or moments.today()
        return self.accredited_until is None or self.accredited_until < day_

    @property
    def comes_first(self) -> bool:
        """Whether it asks to be admitted for the first time, and has no history here as a provider."""
        return not self.on_return

    @property
    def dropped(self) -> bool:
        """Whether its registration ended before it was admitted."""
        return Standing(self.status).phase == DROPPED

    @property
    def may_be_reopened(self) -> bool:
        """Whether a registration that ended can be taken up: its organization is known here besides, and in use."""
        return self.dropped and not self.organization.closed

    @property
    def credit_code(self) -> str:
        """Its credit code; once its registration has ended, that under which it was registered."""
        return self.organization.credit_code or self.former_credit_code

    @property
    def last_check(self) -> Any:
        """The last check of its documents; None before the first."""
        return self.document_checks.select_related("checked_by").first()

    @property
    def returned(self) -> Any:
        """The check by which its documents were returned, until it hands them in or asks again; None for none."""
        answered = not self.fills_in if Standing(self.status).phase == ASKED else self.asks_renewal
        last = None if answered or self.has_left else self.last_check
        return last if last is not None and last.returned else None

    def beside(self) -> list[LifecycleModel]:
        """What waits, or stands still, because of its standing; floors above know it."""
        return [waiting for found in events.open_work.call(self) for waiting in found]

    def why_not_in_good_standing(self) -> Words:
        """The reason why it may not take on new work today, in words; "" if it may."""
        if not self.accredited:
            return filled(_("“%(name)s”现在是“%(state)s”"), name=self, state=Standing(self.status).label)
        if self.has_run_out():
            return filled(_("“%(name)s”的准入有效期已过（%(day)s）"), name=self, day=self.accredited_until)
        if self.stands_on():
            return filled(_("“%(name)s”在“%(list)s”中"), name=self, list=self.list_label)
        return ""

    @property
    def status_told(self) -> str:
        """Words for an accreditation that has run out, or for a list on which it stands, which the state does not
        show; else "".
        """
        if not self.accredited:
            return ""
        return gettext("准入已到期") if self.has_run_out() else str(self.list_label)

    @property
    def standing_label(self) -> str:
        """The standing of today in words."""
        return self.status_told or self.status_label

    def may_reveal(self, actor: Actor, field: str) -> bool:
        """Whether somebody may read the bank account in plain after a reason: who checks or pays it, and its own."""
        return actor.role in BUYING_AND_PAYING or actor.organization_id == self.organization_id

    def row_title(self) -> str:
        return f"{self.organization.name} · {self.get_nature_display()}"
