"""A sign-in from a browser that the account has not used before is told to its person, who may say that it was another."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.inbox import notices
from foundation.journal import sentences, writing
from foundation.parties import Addressee
from foundation.refusals import NotNow
from foundation.roles import SYSTEM, Role
from foundation.transactions import whole
from foundation.wording import filled
from organizations.people import telling
from organizations.people.models import User
from organizations.people.states import BASIS
from organizations.signing_in import devices, everywhere, opened
from organizations.signing_in.models import BrowserSession, Token

SALT = "organizations.signing_in.unfamiliar"

#: Days for which the link of the message is good.
DAYS = 14

#: What is written into the journal here.
NOT_ME = sentences.act("not_me", gettext_lazy("本人说这次登录不是他：所有登录已结束，密码已停用"))


def is_new(request: HttpRequest, person: User) -> bool:
    """Whether a person of the staff signs in from where the account has not been: another browser than those that it
    knows, and another address than those where it is open. The first sign-in of all is not told.
    """
    if person.private or person.last_login is None or devices.known(request, person.username):
        return False
    here = {"user": person, "address": request.META.get("REMOTE_ADDR", "")}
    return not (BrowserSession.objects.filter(**here).exists() or Token.objects.filter(**here).exists())


def tell(request: HttpRequest, person: User) -> None:
    """Tell a person of the sign-in that was just made, with the link by which it is refused."""
    words = gettext_lazy(
        "您的账号刚从一个没有用过的地方登录（%(what)s，%(address)s）。不是您本人，请马上点链接结束它。"
    )
    said = opened.said_by(request)
    row = BrowserSession(**said)
    told = filled(words, what=opened.name_of(row), address=said["address"] or "—")
    telling.tell(person, told, about="sign-in:unfamiliar", link=address_of(person))


def address_of(person: User) -> str:
    """The address by which a person says that it was another; it is used once."""
    token = signing.dumps([person.pk, person.generation], salt=SALT)
    return f"{settings.PUBLIC_ADDRESS}{reverse('not-me', args=[token])}"


def read(token: str, *, locked: bool = False) -> User:
    """The person of a link, ``locked`` in a transaction; raises ``NotNow`` for one that is none, old, or was used."""
    try:
        pk, generation = signing.loads(token, salt=SALT, max_age=timedelta(days=DAYS))
    except signing.BadSignature:
        raise NotNow(_("这个链接不对或已过期。请找管理员。")) from None
    people = User.objects.select_for_update() if locked else User.objects.all()
    person = people.filter(pk=pk, generation=generation).first()
    if person is None:
        raise NotNow(_("这个链接已经用过，或者您后来结束过所有登录。"))
    return person


@whole
def refuse(token: str) -> User:
    """End whatever is open of a person, and the password, which another knows; tell the administrators.

    Raises ``NotNow``.
    """
    person = read(token, locked=True)
    person.set_unusable_password()
    person.save(update_fields=["password"])
    everywhere.sign_out(person)
    writing.write(User._meta.label, person, NOT_ME, SYSTEM, basis=BASIS, name=person.full_name)
    words = gettext_lazy(
        "%(name)s说有人用他的账号登录。所有登录已结束，密码已停用，请核对并发重设密码的链接。"
    )
    notices.deliver(person, [Addressee(Role.ADMINISTRATOR)], filled(words, name=person.full_name))
    return person
