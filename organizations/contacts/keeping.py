"""Entering, changing and taking away the telephone and the mail address of an account."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.journal import sentences, writing
from foundation.refusals import NotYours, Unsaid, Words
from foundation.roles import Actor
from foundation.transactions import whole
from foundation.wording import filled, labelled, listed, said_when_shown
from foundation.work_items import rebuilding
from organizations.invitations import inviting
from organizations.people import helping, reached, telling
from organizations.people.helping import HELP_WITH_CONTACT, Half
from organizations.people.models import User
from organizations.people.states import BASIS

#: What is written into the journal here: that something was changed and what, never a number or an address.
CHANGE = sentences.act("change_contact", gettext_lazy("%(who)s改了自己登记的联系方式"))


@whole
def change(person: User, *, by: Actor, phone: str | None, email: str) -> User:
    """Register a telephone and a mail address as one's own; "" takes away, None leaves the telephone as it is.

    The person is told in the inbox, at the number and at the address that were registered before.
    """
    person = _locked(person)
    if changed := _changed(person, phone, email):
        words = gettext_lazy("您账号登记的%(what)s已改。不是您本人改的，请马上告诉管理员。")
        _tell(person, filled(words, what=changed))
        _register(person, phone, email, by=by)
        what = said_when_shown(listed, changed)
        writing.write(User._meta.label, person, CHANGE, by, reason=what, basis=BASIS, name=person.full_name)
    return person


@whole
def help_with(person: User, *, by: Actor, phone: str | None, email: str, reason: str) -> User:
    """The same for a person who cannot, by an administrator, who says how he made sure who it is.

    Raises ``NotYours`` for oneself, for a person whom the administrator may not help, and for one whose second factor
    he has lately taken away.
    """
    if person.pk == by.user_id:
        raise NotYours(_("您自己的，请在右上角菜单的“联系方式”里改。"), rule=BASIS)
    helping.require(person, by)
    helping.require_another(person, by, Half.PASSWORD)
    person = _locked(person)
    if changed := _changed(person, phone, email):
        words = gettext_lazy("%(who)s改了您账号登记的%(what)s。不是您要求的，请马上告诉管理员。")
        _tell(person, filled(words, who=by.said, what=changed))
        _register(person, phone, email, by=by)
        why = said_when_shown(labelled, said_when_shown(listed, changed), reason)
        writing.write(
            User._meta.label, person, HELP_WITH_CONTACT, by, reason=why, basis=BASIS, name=person.full_name
        )
        rebuilding.soon()  # neither is the other's second person now
    return person


def _locked(person: User) -> User:
    """The account as it is now."""
    found: User = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    return found


def _changed(person: User, phone: str | None, email: str) -> list[Words]:
    """What becomes another, in words."""
    before = person.phone.plain() if person.phone else ""
    found: list[Words] = [gettext_lazy("手机")] if phone is not None and phone != before else []
    return [*found, gettext_lazy("邮箱")] if email != person.email else found


def _tell(person: User, words: Unsaid) -> None:
    """Tell it where the person is registered until now, so that whoever is robbed of the account learns of it."""
    telling.tell(person, words, about="sign-in:contact", page=reverse("security"), everywhere=True)


def _register(person: User, phone: str | None, email: str, *, by: Actor) -> None:
    """Keep the new ones; links for a new password that went to the old ones are over.

    Raises ``Invalid`` at what another account has.
    """
    reached.require_free(phone or "", "", field="phone", but=person, holding=True)
    reached.require_free("", email, field="email", but=person, holding=True)
    inviting.end_password_links(person)
    if phone is not None:
        person.phone = phone
    person.email = email
    person.save(update_fields=["phone", "email"])
    reached.leave_to(person, by=by)
