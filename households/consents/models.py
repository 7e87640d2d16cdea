"""Separate consent to give data to a provider (PIPL articles 23 and 29)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation import moments
from households.register.models import Household, Person
from organizations.bodies.models import Organization


class ConsentPurpose(models.TextChoices):
    """The purpose for which data may be used."""

    REFERRAL = "referral", _("转介社会力量提供服务")
    SURVEY = "survey", _("由机构或第三方回访满意度")
    STORY = "story", _("匿名用于宣传和培训")


class ConsentForm(models.TextChoices):
    """The form in which consent was given."""

    WRITTEN = "written", _("书面签字")
    SPOKEN = "spoken", _("口头，两人见证")
    ONLINE = "online", _("本人网上确认")


class Consent(models.Model):
    """Who may receive which data, for what purpose, and until when.

    ``person`` is whose data (None: the household's); ``given_by`` who consented, for a child its
    guardian; ``provider_body`` the only receiver, None for any provider that the window chooses.
    """

    household = models.ForeignKey(Household, models.CASCADE, related_name="consents")
    purpose_code = models.CharField(
        _("用途"), max_length=12, choices=ConsentPurpose.choices, default=ConsentPurpose.REFERRAL
    )
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="consents")
    given_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    provider_body = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    purpose = models.CharField(_("目的"), max_length=120)
    receiver = models.CharField(_("接收方"), max_length=120)
    scope = models.JSONField(_("数据种类"), default=list)
    form = models.CharField(_("形式"), max_length=10, choices=ConsentForm.choices)
    given_at = models.DateTimeField(_("时间"), default=moments.now)
    valid_to = models.DateField(_("有效期至"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    class Meta:
        ordering = ("-given_at",)

    def __str__(self) -> str:
        return self.purpose

    @property
    def holds(self) -> bool:
        """Whether it is valid now."""
        return self.withdrawn_at is None and (self.valid_to is None or self.valid_to >= moments.today())

    def allows(self, receiver_id: int, person: Person | None) -> bool:
        """Whether data of ``person`` (None: the household's) may go to the organization for a referral.

        A child's data only with the consent of its guardian.
        """
        if not self.holds or self.purpose_code != ConsentPurpose.REFERRAL:
            return False
        if self.provider_body_id not in (None, receiver_id):
            return False
        if self.person_id is not None and (person is None or self.person_id != person.pk):
            return False
        return person is None or not person.is_child or self.by_guardian_of(person)

    def by_guardian_of(self, child: Person) -> bool:
        """Whether the child's guardian gave it, or the body that stands in for one."""
        if child.guardian_id is not None:
            return self.given_by_id == child.guardian_id
        return child.guardian_body_id is not None and self.person_id == child.pk
