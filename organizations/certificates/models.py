"""Certificates, each with its file."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import SERVING
from foundation.parties import SeenQuerySet
from foundation.personal_data.sealed_files import SealedFile
from foundation.wording import day
from organizations.certificates.states import CERTIFICATE, CertificateStatus
from organizations.permissions import SEES_CREDENTIALS
from organizations.providers.models import Provider


class CertificateKind(models.TextChoices):
    """What a certificate proves."""

    REGISTRATION = "registration", _("登记证书")
    LICENSE = "license", _("执业或经营许可")
    QUALIFICATION = "qualification", _("专业资质")
    GRADE = "grade", _("社会组织等级证书")
    ACCOUNT = "account", _("开户许可")
    OTHER = "other", _("其他证书")


class CertificateQuerySet(SeenQuerySet["Certificate"]):
    def in_use(self) -> CertificateQuerySet:
        """Those that were not put away."""
        return self.filter(status__in=CertificateStatus.in_phase(SERVING))

    def valid(self, on: date | None = None) -> CertificateQuerySet:
        """Those of them that have not run out on a day (today)."""
        last = models.Q(valid_until=None) | models.Q(valid_until__gte=on or moments.today())
        return self.in_use().filter(last)


class Certificate(SealedFile, LifecycleModel):
    """One certificate of a provider; without ``valid_until`` it does not run out.

    ``expiry_told_at`` is how many days before that day its provider was told last.
    """

    lifecycle = CERTIFICATE
    seen_by = SEES_CREDENTIALS
    at_a_glance = ("kind", "number", "issuer", "valid_until")
    worklist_joins = ("provider__organization",)

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="certificates")
    kind = models.CharField(_("种类"), max_length=16, choices=CertificateKind.choices)
    number = models.CharField(_("证书编号"), max_length=60)
    issuer = models.CharField(_("发证机关"), max_length=80)
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    expiry_told_at = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    file_kind = models.CharField(max_length=8, editable=False)
    status = models.CharField(
        _("状态"), max_length=20, choices=CertificateStatus.choices, default=CertificateStatus.IN_USE
    )

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ("kind", "-id")
        triggers = [CERTIFICATE.trigger()]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("certificate", args=[self.pk])

    def case_key(self) -> str:
        return f"organizations.Provider:{self.provider_id}"

    def beside(self) -> list[LifecycleModel]:
        """The provider, whose documents may be complete by it."""
        return [self.provider]

    @property
    def has_run_out(self) -> bool:
        """Whether its last day has passed."""
        return self.valid_until is not None and self.valid_until < moments.today()

    @property
    def told(self) -> str:
        """Its kind, number and issuer, and until when it is valid."""
        if self.valid_until is None:
            until = gettext("长期有效")
        elif self.has_run_out:
            until = gettext("已过期（%(day)s）") % {"day": day(self.valid_until)}
        else:
            until = gettext("有效期至 %(day)s") % {"day": day(self.valid_until)}
        return f"{self} · {self.issuer} · {until}"
