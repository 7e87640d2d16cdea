"""The household's phone, with which its page can be opened: changes are announced and take effect later."""

from __future__ import annotations

from datetime import datetime, timedelta

from foundation import moments
from foundation.messaging import sending, texts
from foundation.rules import reading
from households.register import phone_links, sessions
from households.register.models import Household, Person
from organizations.bodies.models import Organization


def change(household: Household, phone: str) -> bool:
    """Change the phone of a locked household, without saving it; returns whether the old one was told.

    The old phone is notified, and the new one can sign in only after the hours of the rule
    ``households.new_phone``; its sessions end. The same phone, confirmed, is no longer in doubt. For
    an unverified household only the phone is changed.
    """
    old = household.phone.plain() if household.phone else ""
    household.phone_doubted = False
    if phone == old:
        return False
    household.phone = phone
    if household.verified:
        sessions.end(household)
        household.phone_changed_at = moments.now()
        text = texts.worded(
            "messages.households",
            "phone_changed",
            phone=_window_phone(household),
            link=phone_links.address_of(household, old),
        )
        sending.send(old, text, about="phone-changed")
    return household.verified and bool(old)


def somebody_left(household: Household, person: Person, *, stays: bool) -> None:
    """After somebody left a locked household, who may have the phone; does not save it.

    Sessions of the household end. Unless the window has checked that the phone belongs to those who
    stay (``stays``), it cannot sign in and gets no messages any more. A child has no phone.
    """
    if person.is_child:
        return
    sessions.end(household)
    household.phone_doubted = bool(household.phone) and not stays


def doubt(household: Household) -> None:
    """Leave the phone of a locked household open until a window has checked whose it is."""
    household.phone_doubted = bool(household.phone)
    household.save(update_fields=["phone_doubted"])


def reached_at(household: Household, about: Person | None = None) -> str:
    """The phone for messages ``about`` somebody (None: the household).

    "" if there is none, if it is in doubt, or if the person has left the household.
    """
    known = not household.phone_doubted and household.is_home_of(about)
    return household.phone.plain() if household.phone and known else ""


def may_sign_in(household: Household) -> bool:
    """Whether the registered phone may open the household's page: not in doubt, nor changed just now."""
    return not household.phone_doubted and signs_in_from(household) is None


def signs_in_from(household: Household) -> datetime | None:
    """From when a phone that was changed just now may open the household's page; None where none was."""
    if household.phone_changed_at is None:
        return None
    hours = reading.current("households.new_phone").value["hours"]
    opens = household.phone_changed_at + timedelta(hours=hours)
    return opens if moments.now() < opens else None


def _window_phone(household: Household) -> str:
    """The phone of the town's window, or ""."""
    window = Organization.objects.windows().filter(place_id=household.town_id).first()
    return window.phone if window else ""
