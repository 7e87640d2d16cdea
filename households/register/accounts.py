"""Accounts of households, opened by identity number and phone, proved by a code."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.journal import sentences, writing
from foundation.personal_data.keys import keyed_hash
from foundation.roles import Actor, Role
from foundation.transactions import whole
from foundation.work_items import settling
from households.register import phones, registration
from households.register.models import Household, HouseholdAccount
from households.register.states import HouseholdStatus
from organizations.people.models import Membership, User

#: What is written into the journal here.
END_ACCOUNT = sentences.act("end_account", gettext_lazy("网上查看的账号已停用"))


def found_by(id_number: str, phone: str) -> Household | None:
    """The household that may be opened with this identity number and phone; None if there is none.

    The phone is the registered one, which a window has written down. An applicant who applied online
    with that number and phone gets the household of that application only.
    """
    person = registration.person_by_number(id_number)
    household = registration.household_of(person) if person else None
    if household is not None and household.phone and household.phone.plain() == phone:
        return household if phones.may_sign_in(household) else None
    return _applied_with(id_number, phone)


def _applied_with(id_number: str, phone: str) -> Household | None:
    """The unverified household that applied online with this number and phone, if any."""
    opened = HouseholdAccount.objects.filter(
        phone_hash=keyed_hash(phone),
        household__verified=False,
        household__status__in=HouseholdStatus.unfinished(),
    )
    for account in opened.select_related("household").order_by("-pk"):
        head = account.household.head
        claimed = head.person.claimed_number if head else None
        if claimed and claimed.plain() == id_number:
            return account.household
    return None


@whole
def account_of(household: Household) -> User:
    """The household's account, created when it is first needed; it has no password.

    The account of an unverified household is bound to the phone that was proved.
    """
    registration.held(household)
    account = household.accounts.select_related("user").first()
    if account is not None:
        return account.user
    head = household.head
    user = User(
        username=f"jt-{uuid.uuid4().hex[:16]}", full_name=str(head.person) if head else "", private=True
    )
    user.set_unusable_password()
    user.save()
    phone = household.phone
    Membership.objects.create(user=user, role=Role.HOUSEHOLD, valid_from=moments.today())
    HouseholdAccount.objects.create(
        household=household,
        user=user,
        phone_hash="" if household.verified or phone is None else keyed_hash(phone.plain()),
    )
    settling.touch(*household.beside())
    return user


def close_claim(household: Household, *, by: Actor, confirmed: bool) -> None:
    """Close what was opened online before a window has seen a document: whoever applied signs in anew. His phone
    opens nothing and gets no messages until a window has checked whose it is, unless it is ``confirmed`` now.
    """
    if not household.accounts.exists():
        return
    end(household, by=by)
    if not confirmed:
        phones.doubt(household)


def end(household: Household, *, by: Actor) -> None:
    """Close every account of a household; its sessions end at once."""
    for account in household.accounts.select_related("user"):
        account.user.is_active = False
        account.user.save(update_fields=["is_active"])
        account.delete()
        writing.write(household._meta.label, household, END_ACCOUNT, by)
    settling.touch(*household.beside())
