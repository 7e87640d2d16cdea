"""Whether a provider has a registration certificate that is valid today, and how long its certificates last."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.utils.translation import gettext_lazy

from foundation.forms.typed import compared
from foundation.refusals import NotNow, Refused
from organizations.certificates.models import Certificate, CertificateKind
from organizations.document_checks.items import CheckItem, Found
from organizations.document_checks.models import DocumentCheck
from organizations.providers.models import Provider
from organizations.providers.states import BASIS

#: The certificates besides that of the registration whose end an accreditation does not outlast.
KEPT_VALID = (CertificateKind.LICENSE, CertificateKind.QUALIFICATION)


def registered(providers: Collection[Provider]) -> set[int]:
    """The keys of those of several providers whose registration certificate is valid today."""
    own = Certificate.objects.valid().filter(provider__in=[provider.pk for provider in providers])
    return set(own.filter(kind=CertificateKind.REGISTRATION).values_list("provider_id", flat=True))


def first_to_run_out(provider: Provider) -> Certificate | None:
    """That of one provider; None where none of its certificates ends."""
    return run_out_first([provider]).get(provider.pk)


def run_out_first(providers: Collection[Provider]) -> dict[int, Certificate]:
    """Of the certificates of several providers that are valid today and on which the last check relied, the one that ends
    first, by the key of the provider; nothing for one of which none ends.

    It relied on the registration certificate that lasts longest, and on each license and qualification, of which the
    one that lasts longest counts for several of one number, where the certificates were found right.
    """
    relied = _found_valid(providers)
    kinds = [CertificateKind.REGISTRATION, *KEPT_VALID]
    lasting: dict[tuple[int, str, str], Certificate] = {}
    for one in Certificate.objects.valid().filter(provider__in=providers, kind__in=kinds):
        registration = one.kind == CertificateKind.REGISTRATION
        if registration or one.provider_id in relied:
            key = (one.provider_id, one.kind, "" if registration else compared(one.number))
            lasting[key] = max(lasting.get(key, one), one, key=_end_of)
    found: dict[int, Certificate] = {}
    for one in lasting.values():
        if one.valid_until is not None:
            found[one.provider_id] = min(found.get(one.provider_id, one), one, key=_end_of)
    return found


def _end_of(certificate: Certificate) -> date:
    return certificate.valid_until or date.max


def _found_valid(providers: Collection[Provider]) -> set[int]:
    """The keys of those of which the last check found the certificates right."""
    last = (
        DocumentCheck.objects.filter(provider__in=providers)
        .order_by("provider_id", "-pk")
        .distinct("provider_id")
    )
    return {
        check.provider_id
        for check in last
        if any(
            one["item"] == CheckItem.CERTIFICATES and one["found"] == Found.RIGHT for one in check.findings
        )
    }


def uncertified(providers: Sequence[Provider]) -> dict[int, Refused]:
    """Why providers are neither admitted nor extended: no registration certificate of theirs is valid today."""
    valid = registered(providers)
    words = gettext_lazy("这家机构还没有有效的登记证书：没有上传，或者已经过期。请机构上传以后再办。")
    return {provider.pk: NotNow(words, rule=BASIS) for provider in providers if provider.pk not in valid}
