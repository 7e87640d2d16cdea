"""Accreditation: a provider is registered and checked, and another person admits it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.inbox import notices
from foundation.lifecycle.phases import SERVING, SUSPENDED
from foundation.refusals import Invalid, NotNow, Refused
from foundation.roles import AGREES, Actor
from foundation.rules import reading
from foundation.wording import filled
from organizations.bodies.models import Organization, OrganizationKind
from organizations.places.models import Place
from organizations.providers.checks import last_checks
from organizations.providers.models import Provider
from organizations.providers.states import PROVIDER, Standing


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
    """Register an organization as a provider.

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
    provider = Provider.objects.create(organization=organization, nature=nature, social_grade=social_grade)
    provider.serves.set(serves)
    return provider


check_documents = PROVIDER.act("check_documents", Provider)


@PROVIDER.transition("accredit")
def accredit(provider: Provider, *, by: Actor, until: date) -> None:
    """Admit the provider until a day in the future, by a second person.

    One that returns after an exit is on probation for the days of the rule ``standing.probation``,
    in which the first failed round leads to exit. Raises ``Invalid`` for a day that is past.
    """
    _require_future(until)
    provider.accredited_until = until
    provider.standing_reason = ""
    if provider.on_return:
        days = int(reading.current("standing.probation").value["days"])
        provider.probation_until, provider.on_return = moments.today() + timedelta(days=days), False


def _require_future(until: date) -> None:
    """Raise ``Invalid`` for today or a past day."""
    if until <= moments.today():
        message = _("有效期应晚于今天。")
        raise Invalid(message, fields={"until": message})


check_again = PROVIDER.act("check_again", Provider)


@PROVIDER.transition("extend")
def extend(provider: Provider, *, by: Actor, until: date) -> None:
    """Extend the accreditation, even after it has run out, by a second person.

    Raises ``Invalid`` for a day that is past.
    """
    _require_future(until)
    provider.accredited_until = until


@extend.lacks
def not_checked_again(providers: Sequence[Provider]) -> dict[int, Refused]:
    """Why accreditations are not extended: the documents were not checked since the last one."""
    checked = last_checks(providers)
    words = gettext_lazy("请先做续期查验。")
    return {
        provider.pk: NotNow(words, rule="102号令第六条")
        for provider in providers
        if provider.pk not in checked
    }


def notify_of_expiry() -> int:
    """Notify providers whose accreditation runs out soon, and civil affairs, once for each last day.

    The days ahead are those of the rule ``accreditation.warning``; returns how many providers.
    """
    days = int(reading.current("accreditation.warning").value["days"])
    soon = Provider.objects.filter(
        ~Q(expiry_told_of=F("accredited_until")) | Q(expiry_told_of=None),
        status__in=Standing.in_phase(SERVING, SUSPENDED),
        accredited_until__lte=moments.today() + timedelta(days=days),
    )
    for provider in soon.select_related("organization"):
        words = filled(
            gettext_lazy("%(name)s：准入有效期到 %(day)s，之后不能投标、签约和接受新的转介，请办理续期"),
            name=provider,
            day=provider.accredited_until,
        )
        for role in AGREES:
            notices.send(provider, role, words)
        Provider.objects.filter(pk=provider.pk).update(expiry_told_of=provider.accredited_until)
    return len(soon)
