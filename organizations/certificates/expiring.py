"""Telling providers of certificates that run out soon."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.inbox import notices
from foundation.lifecycle.phases import SERVING, SUSPENDED
from foundation.roles import ANSWERS_FOR_A_PROVIDER
from foundation.rules import reading
from foundation.wording import filled, said_when_shown
from organizations.certificates.models import Certificate, CertificateKind
from organizations.providers.expiring import WARNING
from organizations.providers.states import Standing

#: Kinds of which a provider has one: the next one takes the place of the last.
ONE_OF_EACH = (CertificateKind.REGISTRATION, CertificateKind.GRADE, CertificateKind.ACCOUNT)


def notify_of_expiry() -> int:
    """Notify accredited and suspended providers whose certificates run out soon, at the days of the rule by which they
    are told of their accreditation, once at each; returns of how many certificates.
    """
    days = sorted(reading.current(WARNING).value["days"])
    today = moments.today()
    longer = Certificate.objects.in_use().filter(provider=OuterRef("provider"), kind=OuterRef("kind"))
    longer = longer.filter(Q(valid_until=None) | Q(valid_until__gt=OuterRef("valid_until"))).order_by()
    soon = (
        Certificate.objects.valid()
        .filter(
            valid_until__lte=today + timedelta(days=days[-1]),
            provider__status__in=Standing.in_phase(SERVING, SUSPENDED),
        )
        .exclude(Q(Exists(longer)), kind__in=ONE_OF_EACH)
    )
    told = 0
    for certificate in soon.defer("content").select_related("provider__organization").order_by("pk"):
        left = (certificate.valid_until - today).days if certificate.valid_until else days[-1]
        reached = next(day for day in days if left <= day)
        if certificate.expiry_told_at is not None and certificate.expiry_told_at <= reached:
            continue
        _tell(certificate)
        Certificate.objects.filter(pk=certificate.pk).update(expiry_told_at=reached)
        told += 1
    return told


def _tell(certificate: Certificate) -> None:
    """Notify the people who answer for the provider."""
    words = filled(
        gettext_lazy("%(name)s：“%(certificate)s”到 %(day)s 过期，请上传新的；用不着的请撤下"),
        name=certificate.provider,
        certificate=said_when_shown(str, certificate),
        day=certificate.valid_until,
    )
    for role in ANSWERS_FOR_A_PROVIDER:
        notices.send(certificate.provider, role, words)
