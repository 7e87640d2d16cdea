"""Accreditation: a provider is registered and checked, and another person admits it until a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.forms import phones
from foundation.inbox import notices
from foundation.refusals import Invalid, NotNow, Refused, Words
from foundation.roles import ANSWERS_FOR_A_PROVIDER, Actor
from foundation.rules import reading
from foundation.wording import day, filled
from organizations.bodies import codes
from organizations.bodies.keeping import BUYS_OR_SUPPLIES, hold_code
from organizations.bodies.models import Organization, OrganizationKind
from organizations.certificates.models import Certificate
from organizations.document_checks import checking
from organizations.document_checks.checking import Finding
from organizations.document_checks.models import Purpose
from organizations.places.models import Place
from organizations.providers.certified import first_to_run_out, run_out_first, uncertified
from organizations.providers.expiring import WARNING
from organizations.providers.models import Provider, read_lists
from organizations.providers.states import BASIS, PROVIDER


@PROVIDER.start("register")
def register(
    *,
    by: Actor,
    name: str,
    credit_code: str,
    nature: str,
    serves: list[Place],
    place: Place | None = None,
    phone: str = "",
    address: str = "",
    social_grade: int | None = None,
    legal_representative: str = "",
) -> Provider:
    """Register an organization as a provider: a new one, or one that is known here already.

    Raises ``Invalid`` if the credit code is taken, belongs to an organization that is closed or may not supply
    (102号令 article 8), where what is said of a known one is not what is known, and for a new one without a place.
    """
    hold_code(credit_code)
    organization = Organization.objects.filter(credit_code=credit_code).first()
    if organization is None:
        if place is None:
            message = _("请选择机构所在的镇街。")
            raise Invalid(message, fields={"place": message}, rule=BASIS)
        organization = founded(name, credit_code, place, phone, address)
    else:
        _require_registrable(organization)
        _take_up(organization, name=name, place=place, phone=phone, address=address)
    provider = Provider.objects.create(
        organization=organization,
        nature=nature,
        social_grade=social_grade,
        legal_representative=legal_representative,
    )
    provider.serves.set(serves)
    return provider


def _require_registrable(organization: Organization) -> None:
    """Raise ``Invalid`` for a known organization that is a provider already, was closed, or may not supply."""
    faults = ""
    known = Provider.objects.filter(organization=organization).first()
    if organization.closed:
        faults = _("“%(name)s”已停用。") % {"name": organization}
    elif organization.kind != OrganizationKind.PROVIDER and not organization.may_supply:
        message = _("由财政预算保障的单位不能作为承接主体。")
        raise Invalid(message, fields={"credit_code": message}, rule=BUYS_OR_SUPPLIES)
    elif known is not None and known.dropped:
        faults = _("“%(name)s”登记过，已经结束。请在它的页面上重新受理登记。") % {"name": organization}
    elif known is not None:
        faults = _("这个统一社会信用代码已登记为“%(name)s”。") % {"name": organization}
    if faults:
        raise Invalid(faults, fields={"credit_code": faults})


def _take_up(organization: Organization, **typed: Any) -> None:
    """Complete what is not known yet of an organization; raises ``Invalid`` at what is known to be otherwise."""
    differing = {
        fact: known
        for fact, value in typed.items()
        if value and (known := getattr(organization, fact)) and not _is_the_same(fact, known, value)
    }
    if differing:
        words = _("这个信用代码的机构在本平台登记的是“%(known)s”，请照此填写；有变化的请先修改那里的登记。")
        faults = {fact: words % {"known": known} for fact, known in differing.items()}
        raise Invalid(next(iter(faults.values())), fields=faults, rule=BASIS)
    missing = [fact for fact, value in typed.items() if value and not getattr(organization, fact)]
    for fact in missing:
        setattr(organization, fact, typed[fact])
    organization.save(update_fields=missing)


def _is_the_same(fact: str, known: object, value: object) -> bool:
    """Whether what is typed is what is known; of a telephone with or without its dash."""
    if fact == "phone":
        return phones.normalized(str(known)) == phones.normalized(str(value))
    return known == value


def founded(name: str, credit_code: str, place: Place, phone: str, address: str) -> Organization:
    """A new organization that may supply."""
    stem = f"{codes.OF_A_PROVIDER}{credit_code.lower()}"
    return Organization.objects.create(
        kind=OrganizationKind.PROVIDER,
        code=next(codes.free(stem, set(codes.beginning_with(stem)))),
        name=name,
        credit_code=credit_code,
        place=place,
        phone=phone,
        address=address,
        may_supply=True,
    )


@PROVIDER.transition("check_documents")
def check_documents(provider: Provider, *, by: Actor, findings: Sequence[Finding]) -> None:
    """Record that every item of the checklist was looked up and is right; raises ``Invalid`` at one that is not."""
    checking.record(provider, findings, by=by, purpose=Purpose.ADMISSION, returned=False)


@PROVIDER.transition("return_documents")
def return_documents(provider: Provider, *, by: Actor, findings: Sequence[Finding]) -> None:
    """Return the documents with all that is wrong, told once (S12); raises ``Invalid`` where it is not said what."""
    checking.record(provider, findings, by=by, purpose=Purpose.ADMISSION, returned=True)


@return_documents.then
def _tell_what_is_wrong(provider: Provider, **given: object) -> None:
    last = checking.last_returned(provider)
    if last is not None:
        words = filled(gettext_lazy("%(name)s：要补正的内容：%(faults)s"), name=provider, faults=last.faults)
        for role in ANSWERS_FOR_A_PROVIDER:
            notices.send(provider, role, words)


@PROVIDER.transition("accredit")
def accredit(provider: Provider, *, by: Actor, until: date) -> None:
    """Admit the provider until a day in the future, by a second person.

    One that returns after an exit is on probation for the days of the rule ``standing.probation``,
    in which the first failed round leads to exit. Raises ``Invalid`` for a day that is past or too far ahead
    (``_require_term``).
    """
    _require_term(provider, until)
    provider.accredited_until = until
    provider.standing_reason = ""
    provider.renewal_asked_on = provider.renewal_checked_on = None
    if provider.on_return:
        days = int(reading.current("standing.probation").value["days"])
        provider.probation_until, provider.on_return = moments.today() + timedelta(days=days), False


@accredit.lacks
def not_to_be_admitted(providers: Sequence[Provider]) -> dict[int, Refused]:
    """Why providers are not admitted: without a registration certificate that is valid, or by a list."""
    return {**uncertified(providers), **listed(providers)}


def listed(providers: Sequence[Provider]) -> dict[int, Refused]:
    """Why providers are neither admitted nor extended: they stand on one of the lists of the registration authority."""
    read_lists(providers)
    words = gettext_lazy("这家机构在“%(list)s”中，移出以前不能准入或续期。")
    return {
        provider.pk: NotNow(filled(words, list=provider.list_label), rule=BASIS)
        for provider in providers
        if provider.stands_on()
    }


def furthest() -> tuple[int, date]:
    """For how many years a provider is admitted or extended at most, by the rule ``accreditation.longest``, and until
    which day that is from today.
    """
    years, today = int(reading.current("accreditation.longest").value["years"]), moments.today()
    leap_day = (today.month, today.day) == (2, 29)
    return years, today.replace(year=today.year + years, day=28 if leap_day else today.day)


def until_then(certificate: Certificate) -> Words:
    """That nobody is admitted for longer than a certificate lasts."""
    words = gettext_lazy("“%(certificate)s”%(day)s到期，准入不能更晚；要更晚的，请先退回，由机构换证。")
    return filled(words, certificate=certificate, day=certificate.valid_until)


def _require_term(provider: Provider, until: date) -> None:
    """Raise ``Invalid`` for today or a past day, for one that is further ahead than the rule allows, and for one behind
    the end of a certificate on which the check relied.
    """
    years, last = furthest()
    first = first_to_run_out(provider)
    message = ""
    if until <= moments.today():
        message = _("有效期应晚于今天。")
    elif until > last:
        message = _("一次最长准入 %(years)s 年，最晚到%(last)s。") % {"years": years, "last": day(last)}
    elif first is not None and first.valid_until is not None and until > first.valid_until:
        message = str(until_then(first))
    if message:
        raise Invalid(message, fields={"until": message}, rule=BASIS)


# --- renewal ----------------------------------------------------------------------------


@PROVIDER.transition("ask_renewal")
def ask_renewal(provider: Provider, *, by: Actor) -> None:
    """Ask that the accreditation be extended, from so many days before its end as the rule says."""
    provider.renewal_asked_on = moments.today()


@ask_renewal.lacks
def not_to_be_asked_yet(providers: Sequence[Provider]) -> dict[int, Refused]:
    """Why a renewal is not asked for: it was already, or it is too early."""
    ahead = timedelta(days=int(reading.current(WARNING).value["ask"]))
    found: dict[int, Refused] = {}
    for provider in providers:
        until = provider.accredited_until
        if provider.asks_renewal:
            found[provider.pk] = NotNow(gettext_lazy("续期已申请，等民政查验。"), rule=BASIS)
        elif until is not None and moments.today() < until - ahead:
            words = gettext_lazy("%(day)s起可以申请续期。")
            found[provider.pk] = NotNow(filled(words, day=until - ahead), rule=BASIS)
    return found


@PROVIDER.transition("check_again")
def check_again(provider: Provider, *, by: Actor, findings: Sequence[Finding]) -> None:
    """Record for an extension that every item of the checklist was looked up and is right; raises ``Invalid``."""
    checking.record(provider, findings, by=by, purpose=Purpose.RENEWAL, returned=False)
    provider.renewal_asked_on, provider.renewal_checked_on = None, moments.today()


@PROVIDER.transition("return_renewal")
def return_renewal(provider: Provider, *, by: Actor, findings: Sequence[Finding]) -> None:
    """Return a request with all that is wrong, told once (S12): the provider mends it and asks again."""
    checking.record(provider, findings, by=by, purpose=Purpose.RENEWAL, returned=True)
    provider.renewal_asked_on = provider.renewal_checked_on = None


return_renewal.then(_tell_what_is_wrong)


@PROVIDER.transition("extend")
def extend(provider: Provider, *, by: Actor, until: date) -> None:
    """Extend the accreditation, even after it has run out, by a second person.

    Raises ``Invalid`` for a day that is past or too far ahead, and for one that is no later than the last day of now.
    """
    _require_term(provider, until)
    now = provider.accredited_until
    if now is not None and until <= now:
        message = _("续期要晚于现在的有效期（%(day)s）。") % {"day": day(now)}
        raise Invalid(message, fields={"until": message}, rule=BASIS)
    provider.accredited_until = until
    provider.renewal_asked_on = provider.renewal_checked_on = None


@extend.lacks
def not_to_be_extended(providers: Sequence[Provider]) -> dict[int, Refused]:
    """Why accreditations are not extended: no check stands that was not decided or returned since, by a list,
    without a registration certificate that is valid, or as a certificate ends no later than they do now.
    """
    words = gettext_lazy("请先做续期查验。")
    unchecked: dict[int, Refused] = {
        provider.pk: NotNow(words, rule=BASIS)
        for provider in providers
        if provider.renewal_checked_on is None
    }
    first = run_out_first(providers)
    outlasting: dict[int, Refused] = {
        provider.pk: NotNow(until_then(first[provider.pk]), rule=BASIS)
        for provider in providers
        if provider.pk in first
        and (first[provider.pk].valid_until or date.max) <= (provider.accredited_until or date.min)
    }
    return {**outlasting, **uncertified(providers), **listed(providers), **unchecked}
