"""Identify the household of an application: as it is told by any channel, by its document at the window.

An identity number that somebody types discloses nothing. Whatever comes from outside becomes an unverified
household of its own, whether the city knows the number or not, and the answer is the same. The window joins
it to a registered household when it accepts, with the document at hand and with name, phone and address
compared.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.advisory_locks import take_lock
from foundation.lifecycle.phases import ASKED
from foundation.personal_data.fields import Secret
from foundation.personal_data.keys import keyed_hash
from foundation.refusals import Invalid, Refused
from foundation.roles import Actor
from foundation.work_items import settling
from households.identity import verifying
from households.identity.verifying import Decided, Told
from households.register import accounts, registration
from households.register.models import Household, Language
from referrals.handovers.states import HandoverStatus
from referrals.matters.models import Matter
from referrals.matters.states import MatterStatus

#: The data that a household unknown to the city must give, and the words that ask for them.
OF_A_NEW_HOUSEHOLD = {
    "name": gettext_lazy("请填写姓名。"),
    "place": gettext_lazy("请选择村（社区）。"),
    "category": gettext_lazy("请选择救助类别。"),
    "size": gettext_lazy("请填写家庭人口。"),
}


def as_told(by: Actor, **given: Any) -> Household:
    """Register an unverified household from what somebody tells. Raises ``Invalid`` for missing data."""
    return registration.claim(
        _applicant(given), by=by, place=given["place"], category=given["category"], size=given["size"]
    )


def at_the_window(by: Actor, *, decided: Decided, why: str, **given: Any) -> Household:
    """The household of the document shown at the window, or a new one of its town.

    Raises ``Invalid`` for missing data of a new one, for one of another town (S3), and where the data differ
    from the register and nobody has decided which are right.
    """
    person = registration.person_by_number(given["id_number"])
    known = registration.household_of(person) if person else None
    applicant = _applicant(given, new=known is None)
    if known is None:
        known, new = registration.find_or_register(
            applicant,
            by=by,
            place=given["place"],
            category=given["category"],
            size=given["size"],
            monthly_income=given["monthly_income"],
            language=given["language"] or Language.MANDARIN,
            why=why,
        )
        person = None if new else registration.person_by_number(given["id_number"])
    if known.town_id != by.place_id:
        message = _("这户家庭属于%(town)s，请由该窗口受理，或先办理移交。") % {"town": known.town}
        raise Invalid(message, fields={"place": message}, rule="S3")
    if person is not None:
        known = Household.objects.select_for_update().get(pk=known.pk)
        told = Told(given["name"], given["phone"], given["address"])
        taken = verifying.decide(known, person, told, by=by, decided=decided)
        verifying.settle(known, person, told, by=by, taken=taken)
    return known


def _applicant(given: dict[str, Any], *, new: bool = True) -> registration.Applicant:
    missing = {name: words for name, words in OF_A_NEW_HOUSEHOLD.items() if new and not given[name]}
    if missing:
        raise Invalid(_("这是新家庭，请补齐基本情况。"), fields=missing, rule="S22")
    return registration.Applicant(
        name=given["name"], id_number=given["id_number"], phone=given["phone"], address=given["address"]
    )


def refuse_second_application(household: Household) -> None:
    """Refuse a second application while the first one of an unverified household waits for the window. Raises
    ``Refused``.
    """
    waiting = MatterStatus.in_phase(ASKED)
    if not household.verified and household.matters.filter(status__in=waiting).exists():
        raise Refused(_("您的求助已经收到，窗口会联系您，不用再交一次。"), rule="S7")


def identify(matter: Matter, id_number: str, told: Told, *, by: Actor, decided: Decided, why: str) -> None:
    """Give an unverified household the number of its document, or join it to the registered household of that
    number.

    ``told`` is what is said at the window now; where it is empty, what was told before counts. Does nothing
    for a verified household. Raises ``Invalid``.
    """
    claim = Household.objects.select_for_update().get(pk=matter.household_id)
    if claim.verified:
        return
    if not id_number:
        message = _("请对照证件填写证件号：受理前还没有人核对过。")
        raise Invalid(message, fields={"id_number": message}, rule="S22")
    take_lock("household", keyed_hash(id_number))
    if claim.head is None:
        raise TypeError(f"nobody lives in {claim}")
    head = claim.head.person
    claimed = _plain(head.claimed_number)
    other_number = bool(claimed) and claimed != id_number
    known = registration.person_by_number(id_number)
    home = registration.household_of(known) if known else None
    if home is not None:
        told = Told(
            told.name or head.name.plain(),
            told.phone or _plain(claim.phone),
            told.address or _plain(claim.address),
        )
        home = _locked(matter, home)
        taken = verifying.decide(home, known, told, by=by, decided=decided, number_differs=other_number)
        _join(matter, claim, home, by=by)
        verifying.settle(home, known, told, by=by, taken=taken)
        return
    taken = verifying.decide(claim, head, told, by=by, decided=decided, number_differs=other_number)
    verifying.settle(claim, head, told, by=by, taken=taken)
    accounts.close_claim(claim, by=by, confirmed=bool(told.phone))
    if known is not None:
        registration.recognise(known, by=by, name=head.name.plain(), why=why)
    matter.household = verifying.verify(claim, by=by.as_system(), person=known or head, id_number=id_number)


def _locked(matter: Matter, home: Household) -> Household:
    """The registered household, locked. Raises ``Invalid`` where another window is in charge (S3)."""
    if home.town_id != matter.town_id:
        message = _("这户家庭属于%(town)s，请把事项移交给该窗口。") % {"town": home.town}
        raise Invalid(message, fields={"id_number": message}, rule="S3")
    return Household.objects.select_for_update().get(pk=home.pk)


def _join(matter: Matter, claim: Household, home: Household, *, by: Actor) -> None:
    matter.household = home
    matter.save(update_fields=["household"])
    settling.touch(*matter.handovers.filter(status__in=HandoverStatus.unfinished()))
    verifying.merge(claim, by=by.as_system())


def _plain(secret: Secret | None) -> str:
    return secret.plain() if secret else ""
