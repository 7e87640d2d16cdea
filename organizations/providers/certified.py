"""Whether a provider has a registration certificate that is valid today, and how long its certificates last."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.utils.translation import gettext_lazy

from foundation.forms.typed import compared
from foundation.refusals import NotNow, Refused
from organizations.certificates.models import Certificate, CertificateKind
from organizations.document_checks.items import CheckItem, Found
from organizations.providers.models import Provider
from organizations.providers.states import BASIS

#: The certificates besides that of the registration whose end an accreditation does not outlast.
KEPT_VALID = (CertificateKind.LICENSE, CertificateKind.QUALIFICATION)


def registered(providers: Collection[Provider]) -> set[int]:
    """The keys of those of several providers whose registration certificate is valid today."""
    own = Certificate.objects.valid().filter(provider__in=[provider.pk for provider in providers])
    return set(own.filter(kind=CertificateKind.REGISTRATION).values_list("provider_id", flat=True))


def first_to_run_out(provider: Provider) -> Certificate | None:
    """Of the certificates that are valid today and on which the last check relied, the one that ends first; None where
    none of them ends.

    It relied on the registration certificate that lasts longest, and on each license and qualification, of which the
    one that lasts longest counts for several of one number, where the certificates were found right.
    """
    asked = [CertificateKind.REGISTRATION, *(KEPT_VALID if _found_valid(provider) else ())]
    lasting: dict[tuple[str, str], Certificate] = {}
    for one in Certificate.objects.valid().filter(provider=provider, kind__in=asked):
        key = (one.kind, "" if one.kind == CertificateKind.REGISTRATION else compared(one.number))
        lasting[key] = max(lasting.get(key, one), one, key=_end_of)
    ending = [one for one in lasting.values() if one.valid_until is not None]
    return min(ending, key=_end_of, default=None)


def _end_of(certificate: Certificate) -> date:
    return certificate.valid_until or date.max


def _found_valid(provider: Provider) -> bool:
    """Whether the last check found the certificates right."""
    check = provider.last_check
    findings = check.findings if check is not None else []
    return any(one["item"] == CheckItem.CERTIFICATES and one["found"] == Found.RIGHT for one in findings)


def uncertified(providers: Sequence[Provider]) -> dict[int, Refused]:
    """Why providers are neither admitted nor extended: no registration certificate of theirs is valid today."""
    valid = registered(providers)
    words = gettext_lazy("这家机构还没有有效的登记证书：没有上传，或者已经过期。请机构上传以后再办。")
    return {provider.pk: NotNow(words, rule=BASIS) for provider in providers if provider.pk not in valid}
