"""Goals, measurements, visits and visit codes of a service."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.messaging.models import Message
from foundation.parties import SeenQuerySet
from foundation.personal_data import keys
from foundation.personal_data.disclosing import Disclosing, Telling
from foundation.personal_data.fields import EncryptedField, SealedBytesField, SealedTextField
from foundation.roles import PROVIDER_SIDE, Actor
from foundation.wording import labelled
from households.register.models import Household
from referrals.offers.models import Referral
from referrals.permissions import sees_referrals


class Attainment(models.IntegerChoices):
    """Goal attainment scaling (Kiresuk and Sherman): five levels around the expected one."""

    MUCH_LESS = -2, _("远低于预期")
    LESS = -1, _("低于预期")
    EXPECTED = 0, _("达到预期")
    MORE = 1, _("超过预期")
    MUCH_MORE = 2, _("远超预期")


class Goal(Disclosing, models.Model):
    """One goal that was agreed with the household, and how far it was reached."""

    seen_by = sees_referrals("referral")

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="goals")
    position = models.PositiveSmallIntegerField(_("序号"))
    text = SealedTextField(_("目标"))
    reached = models.SmallIntegerField(_("达成"), choices=Attainment.choices, null=True, blank=True)

    objects = SeenQuerySet["Goal"].as_manager()

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["referral", "position"], name="goal_position_once"),
            models.CheckConstraint(
                condition=models.Q(reached=None) | models.Q(reached__gte=-2, reached__lte=2),
                name="goal_reached_in_scale",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.referral} {self.position}"

    @property
    def about_whom(self) -> Household:
        """The household that may ask who read this."""
        return self.referral.about_whom

    def discloses(self, field: str, reader: Actor) -> Telling:
        """As the plan that it is part of."""
        return self.referral.discloses("plan_text", reader)


class Scale(models.TextChoices):
    """The standard scales: name, and the range of values (``RANGES``)."""

    PHQ9 = "phq9", _("PHQ-9 抑郁（0–27，低为好）")
    GAD7 = "gad7", _("GAD-7 焦虑（0–21，低为好）")
    WHO5 = "who5", _("WHO-5 幸福感（0–25，高为好）")
    BARTHEL = "barthel", _("Barthel 日常生活能力（0–100，高为好）")
    UCLA = "ucla", _("UCLA 孤独感（20–80，低为好）")


RANGES = {
    Scale.PHQ9: (0, 27),
    Scale.GAD7: (0, 21),
    Scale.WHO5: (0, 25),
    Scale.BARTHEL: (0, 100),
    Scale.UCLA: (20, 80),
}


class Measurement(Disclosing, models.Model):
    """The value of one scale before and after the service."""

    seen_by = sees_referrals("referral")

    confided = ("points",)

    referral = models.OneToOneField(Referral, models.CASCADE, related_name="measurement")
    scale = models.CharField(_("量表"), max_length=10, choices=Scale.choices)
    before = models.PositiveSmallIntegerField(_("服务前"))
    after = models.PositiveSmallIntegerField(_("服务后"), null=True, blank=True)

    objects = SeenQuerySet["Measurement"].as_manager()

    def __str__(self) -> str:
        return f"{self.referral} {self.get_scale_display()}"

    @property
    def about_whom(self) -> Household:
        """The household that may ask who read this."""
        return self.referral.about_whom

    @property
    def points(self) -> str:
        """The values in words; they tell how somebody is."""
        after = "" if self.after is None else f" → {self.after}"
        return labelled(self.get_scale_display(), f"{self.before}{after}")

    def discloses(self, field: str, reader: Actor) -> Telling:
        """As the plan that it is part of."""
        return self.referral.discloses("plan_text", reader)


class Venue(models.TextChoices):
    """Where a visit took place."""

    HOME = "home", _("家中")
    AGENCY = "agency", _("机构")
    HOSPITAL = "hospital", _("医院")
    REMOTE = "remote", _("电话或视频")
    OUTSIDE = "outside", _("其他地点")


class Confirmation(models.TextChoices):
    """How the household confirmed a visit."""

    NONE = "", _("未确认")
    CODE = "code", _("确认码")
    SIGNATURE = "signature", _("签字")
    SPOKEN = "spoken", _("当面口头")


class Visit(Disclosing, models.Model):
    """One visit.

    ``words`` are for everybody who sees the case, the household included (oversight gives a reason first);
    ``note`` for the provider's people; ``private_note`` for its writer alone.
    """

    seen_by = sees_referrals("referral")

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="visits")
    on = models.DateField(_("服务日期"))
    began_at = models.TimeField(_("开始"), null=True, blank=True)
    ended_at = models.TimeField(_("结束"), null=True, blank=True)
    venue = models.CharField(_("地点"), max_length=10, choices=Venue.choices, default=Venue.HOME)
    units = models.PositiveIntegerField(_("数量"))
    words = SealedTextField(_("给家庭和窗口看的话"), default=b"")
    note = EncryptedField(kind="note", verbose_name=_("服务记录"), null=True, blank=True)
    private_note = EncryptedField(kind="note", verbose_name=_("个人笔记"), null=True, blank=True)
    confirmed = models.BooleanField(_("家庭已确认"), default=False)
    confirmation = models.CharField(_("确认方式"), max_length=10, choices=Confirmation.choices, blank=True)
    signature = SealedBytesField(null=True, editable=False)
    worker_id = models.BigIntegerField(null=True)
    worker_name = models.CharField(_("服务人员"), max_length=40, blank=True)
    recorded_at = models.DateTimeField(default=moments.now)

    objects = SeenQuerySet["Visit"].as_manager()

    class Meta:
        ordering = ("-on", "-id")
        indexes = [models.Index(fields=["recorded_at"], name="visit_recorded")]
        constraints = [
            models.CheckConstraint(condition=models.Q(units__gt=0), name="visit_has_units"),
            models.CheckConstraint(
                condition=models.Q(began_at=None)
                | models.Q(ended_at=None)
                | models.Q(ended_at__gt=models.F("began_at")),
                name="visit_ends_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.units}"

    @property
    def about_whom(self) -> Household:
        """The household that may ask who read this."""
        return self.referral.about_whom

    def discloses(self, field: str, reader: Actor) -> Telling:
        """Each of the three texts to its own readers."""
        if field == "words":
            return self.referral.discloses("outcome", reader)
        provider_side = reader.role in PROVIDER_SIDE
        mine = field == "note" or self.worker_id == reader.user_id
        return Telling.PLAIN if provider_side and mine else Telling.NEVER

    def signed(self) -> bytes:
        """The signature as a PNG."""
        return keys.decrypt(bytes(self.signature or b""), "referrals_visit.signature")


class VisitCodeQuerySet(models.QuerySet["VisitCode"]):
    def live(self) -> VisitCodeQuerySet:
        """Codes that have confirmed no visit and were not replaced by another."""
        return self.filter(visit=None, ended_at=None)


class VisitCode(models.Model):
    """A code with which a household confirms one visit; only its keyed hash is stored.

    ``message`` is the text that took it to the household; ``ended_at`` says when another replaced it.
    """

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="codes")
    code_hash = models.CharField(max_length=64)
    message = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField(default=moments.now)
    tries = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    visit = models.OneToOneField(Visit, models.PROTECT, null=True, related_name="code")

    objects = VisitCodeQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["referral"],
                condition=models.Q(visit=None, ended_at=None),
                name="one_live_code_of_a_service",
            )
        ]

    def __str__(self) -> str:
        return f"{self.referral}"
