"""Adding certificates and putting them away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.forms.typed import compared
from foundation.refusals import Invalid, NotNow, Refused
from foundation.roles import Actor
from organizations.certificates.models import Certificate, CertificateKind
from organizations.certificates.states import CERTIFICATE, TO_PUT_AWAY
from organizations.document_checks.models import DocumentCheck
from organizations.providers.models import Provider
from organizations.providers.own import checked_already, held_for_its_papers, hold
from organizations.providers.states import BASIS

#: Certificates in use that a provider has at most.
MOST = 40


@CERTIFICATE.start("add")
def add(
    *, by: Actor, kind: str, number: str, issuer: str, file: Any, valid_until: date | None = None
) -> Certificate:
    """Add a certificate of the actor's own provider, with its file, which is kept encrypted.

    Raises ``Invalid`` for one that has run out, or that is there already with its number and last day or with its file,
    ``Refused`` where there are too many, ``NotNow`` once the papers were checked and are decided on.
    """
    provider = held_for_its_papers(by)
    if valid_until is not None and valid_until < moments.today():
        message = _("这份证书已经过期，请上传有效的。")
        raise Invalid(message, fields={"valid_until": message}, rule=BASIS)
    if provider.certificates.in_use().count() >= MOST:
        raise Refused(_("证书最多 %(most)s 份，请先撤下用不着的。") % {"most": MOST})
    content = file.read()
    _require_another(provider, kind, number, valid_until, content)
    return Certificate.objects.create(
        provider=provider,
        kind=kind,
        number=number,
        issuer=issuer,
        valid_until=valid_until,
        file_kind=file.kind,
        content=Certificate.seal(content),
    )


def _require_another(
    provider: Provider, kind: str, number: str, valid_until: date | None, content: bytes
) -> None:
    """Raise ``Invalid`` at the number or the file of a certificate of that kind that the provider has in use already."""
    faults: dict[str, str] = {}
    for other in provider.certificates.in_use().filter(kind=kind):
        if (compared(other.number), other.valid_until) == (compared(number), valid_until):
            faults["number"] = _("这份证书已经上传：%(certificate)s。") % {"certificate": other.told}
        elif other.plain() == content:
            faults["file"] = _("这个文件已作为“%(certificate)s”上传过，请选这份证书自己的文件。") % {
                "certificate": other
            }
    if faults:
        raise Invalid(next(iter(faults.values())), fields=faults, rule=BASIS)


def _checked_last(providers: Collection[int]) -> dict[int, datetime]:
    """When the documents of each provider were checked last and found right."""
    checks = DocumentCheck.objects.filter(provider__in=providers, returned=False).order_by()
    return dict(checks.values("provider").annotate(last=Max("checked_at")).values_list("provider", "last"))


put_away = CERTIFICATE.act(TO_PUT_AWAY, Certificate)
put_away.first(hold)


@put_away.lacks
def kept_in_use(certificates: Sequence[Certificate]) -> dict[int, Refused]:
    """Why certificates are not put away: they were checked and are decided on, or an accredited provider would be left
    without a valid one of its registration that civil affairs has checked.
    """
    found = checked_already(certificates)
    needed = [
        one
        for one in certificates
        if one.kind == CertificateKind.REGISTRATION and (one.provider.accredited or one.provider.suspended)
    ]
    providers = {one.provider_id for one in needed}
    valid = Certificate.objects.valid().filter(provider__in=providers, kind=CertificateKind.REGISTRATION)
    by_provider: dict[int, set[int]] = defaultdict(set)
    checked = _checked_last(providers) if providers else {}
    for provider, pk, added in valid.values_list("provider_id", "pk", "created_at") if providers else ():
        if provider not in checked or added <= checked[provider]:
            by_provider[provider].add(pk)
    words = gettext_lazy(
        "准入期间要有一份民政查验过的有效登记证书\uff0c这一份不能撤下。新的先上传\uff0c续期查验以后再撤下旧的。"
    )
    return found | {
        one.pk: NotNow(words, rule=BASIS) for one in needed if by_provider[one.provider_id] == {one.pk}
    }
