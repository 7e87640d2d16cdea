"""Whether a provider has a registration certificate that is valid today."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.utils.translation import gettext_lazy

from foundation.refusals import NotNow, Refused
from organizations.certificates.models import Certificate, CertificateKind
from organizations.providers.models import Provider
from organizations.providers.states import BASIS


def registered(providers: Collection[Provider]) -> set[int]:
    """The keys of those of several providers whose registration certificate is valid today."""
    own = Certificate.objects.valid().filter(provider__in=[provider.pk for provider in providers])
    return set(own.filter(kind=CertificateKind.REGISTRATION).values_list("provider_id", flat=True))


def runs_out_on(provider: Provider) -> date | None:
    """The last day on which a registration certificate of the provider that is valid today is so; None where it has
    none, or one without an end.
    """
    own = Certificate.objects.valid().filter(provider=provider, kind=CertificateKind.REGISTRATION)
    ends = list(own.values_list("valid_until", flat=True))
    return None if not ends or None in ends else max(filter(None, ends))


def uncertified(providers: Sequence[Provider]) -> dict[int, Refused]:
    """Why providers are neither admitted nor extended: no registration certificate of theirs is valid today."""
    valid = registered(providers)
    words = gettext_lazy("这家机构还没有有效的登记证书：没有上传，或者已经过期。请机构上传以后再办。")
    return {provider.pk: NotNow(words, rule=BASIS) for provider in providers if provider.pk not in valid}
