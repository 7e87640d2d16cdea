"""Scheduled work of organizations."""

from datetime import date, time

from procrastinate.contrib.django import app

from foundation.scheduling import routines
from organizations.bodies import keeping
from organizations.certificates import expiring as certificates
from organizations.dispensations import allowing as asking
from organizations.emergencies import allowing
from organizations.invitations import inviting
from organizations.listings import entering
from organizations.people import ending, leaving
from organizations.providers import expiring
from organizations.service_accounts import issuing
from organizations.signing_in import opened, unfamiliar
from organizations.staff_lists import sending


def notify_of_expiry(day: date) -> None:
    """Every morning: notify providers whose accreditation runs out soon."""
    expiring.notify_of_expiry()


def notify_of_certificates(day: date) -> None:
    """Every morning: notify providers whose certificates run out soon."""
    certificates.notify_of_expiry()


routines.each_day("organizations.tell_of_certificates", notify_of_certificates, at=time(7, 25))
routines.each_day("organizations.tell_of_expiry", notify_of_expiry, at=time(7, 20))


def follow_service_accounts(day: date) -> None:
    """Every night: end the accounts of programs whose last day has passed, and notify of those that end soon."""
    issuing.follow_the_day()


routines.each_day("organizations.follow_service_accounts", follow_service_accounts, at=time(0, 10))


def follow_memberships(day: date) -> None:
    """As the day begins: end the memberships whose last day has passed."""
    ending.follow_the_day()


routines.each_day("organizations.follow_memberships", follow_memberships, at=time(0, 1))


def tell_of_last_days(day: date) -> None:
    """Every morning: tell of memberships that end soon while something stands under their people's names."""
    leaving.tell_of_last_days()


routines.each_day("organizations.tell_of_last_days", tell_of_last_days, at=time(7, 30))


def follow_dispensations(day: date) -> None:
    """As the day begins: drop the requests for dispensations whose last day has passed undecided."""
    asking.follow_the_day()


routines.each_day("organizations.follow_dispensations", follow_dispensations, at=time(0, 3))


def forget_old_sign_ins(day: date) -> None:
    """Every night: forget sessions and tokens that are over."""
    opened.forget_old()
    unfamiliar.forget_old()


routines.each_day("organizations.forget_old_sign_ins", forget_old_sign_ins, at=time(3, 10))


def follow_names_of_bodies(day: date) -> None:
    """As the day begins: call bodies by the names that begin today."""
    keeping.follow_the_day()


routines.each_day("organizations.follow_names_of_bodies", follow_names_of_bodies, at=time(0, 2))


@app.task(queue="messages")
def send_staff_list(staff_list_id: int) -> None:
    """Invite everybody on a list of staff."""
    sending.send(staff_list_id)


@app.task(queue="documents")
def enter_listing_file(listing_file_id: int) -> None:
    """Enter the rows of a file with one of the lists."""
    entering.enter_file(listing_file_id)


routines.each_minute("organizations.listing_files", entering.take_up)
routines.each_minute("organizations.emergencies", allowing.follow_the_minute)
routines.each_minute("organizations.invitations", inviting.follow_the_minute)
routines.each_minute("organizations.staff_lists", sending.take_up)
