"""Accreditation: a provider is registered, checked and admitted by two people."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _

from foundation import moments
from foundation.refusals import Invalid
from foundation.roles import Actor
from foundation.rules import reading
from organizations.lifecycle import PROVIDER
from organizations.models import Organization, Place, Provider
from organizations.models.organization import OrganizationKind


@PROVIDER.start("register")
def register(
    *,
    by: Actor,
    name: str,
    credit_code: str,
    nature: str,
    place: Place,
    serves: list[Place],
    phone: str = "",
    address: str = "",
    social_grade: int | None = None,
) -> Provider:
    """Register an organization as a provider to be checked.

    Raises ``Invalid`` if the credit code is taken, or belongs to an organization
    that may not supply (102号令 article 8).
    """
    organization = Organization.objects.filter(credit_code=credit_code).first()
    if organization is not None:
        if organization.kind != OrganizationKind.PROVIDER and not organization.may_supply:
            message = _("由财政预算保障的单位不能作为承接主体。")
            raise Invalid(message, fields={"credit_code": message}, rule="102号令第八条")
        if Provider.objects.filter(organization=organization).exists():
            message = _("这个统一社会信用代码已登记为“%(name)s”。") % {"name": organization.name}
            raise Invalid(message, fields={"credit_code": message})
    else:
        organization = Organization.objects.create(
            kind=OrganizationKind.PROVIDER,
            code=f"p-{credit_code.lower()}",
            name=name,
            credit_code=credit_code,
            place=place,
            phone=phone,
            address=address,
            may_supply=True,
        )
    provider = Provider.objects.create(
        organization=organization, nature=nature, social_grade=social_grade
    )
    provider.serves.set(serves)
    return provider


@PROVIDER.move("check_documents")
def check_documents(provider: Provider, *, by: Actor) -> None:
    """The registration certificate and qualifications were seen and are in order."""


@PROVIDER.move("accredit")
def accredit(provider: Provider, *, by: Actor, until: date) -> None:
    """Admit the provider until a day in the future. A second person must do it.

    One that comes back after an exit is on probation for the days of the rule ``standing.probation``: the first
    failed round leads to exit.
    """
    if until <= moments.today():
        message = _("有效期应晚于今天。")
        raise Invalid(message, fields={"until": message})
    provider.accredited_until = until
    provider.standing_reason = ""
    if provider.on_return:
        days = int(reading.current("standing.probation").value["days"])
        provider.probation_until, provider.on_return = moments.today() + timedelta(days=days), False
