"""A sign-in from a browser that the account has not used before is told to its person, who may say that it was another."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.inbox import notices
from foundation.journal import sentences, writing
from foundation.parties import Addressee
from foundation.personal_data.keys import keyed_hash
from foundation.refusals import NotNow
from foundation.roles import SYSTEM, Role
from foundation.transactions import whole
from foundation.wording import filled
from organizations.factors import keeping
from organizations.invitations import inviting
from organizations.people import telling
from organizations.people.models import User
from organizations.people.states import BASIS
from organizations.signing_in import devices, everywhere, opened
from organizations.signing_in.models import BrowserSession, Token, UnfamiliarSignIn
from organizations.single_sign_on import connecting

SALT = "organizations.signing_in.unfamiliar"

#: Days for which the link of the message is good.
DAYS = 14

#: What is written into the journal here.
NOT_ME = sentences.act("not_me", gettext_lazy("本人说这次登录不是他：所有登录已结束，密码已停用"))


def is_new(request: HttpRequest, person: User, *, by_program: bool = False) -> bool:
    """Whether a person of the staff signs in from where the account has not been: another browser than those that it
    knows, or a program (which keeps no mark of ours) at another address than those where it is open. Behind one address
    many people may sit, so that it makes no browser known. The first sign-in of all is not told.
    """
    if person.private or person.last_login is None or devices.known(request, person.username):
        return False
    if not by_program:
        return True
    here = {"user": person, "address": request.META.get("REMOTE_ADDR", "")}
    return not (BrowserSession.objects.filter(**here).exists() or Token.objects.filter(**here).exists())


def tell(request: HttpRequest, person: User) -> None:
    """Tell a person of the sign-in that was just made, with the link by which it is refused.

    Of what the browser says of itself only names that are known here are told: the rest are the stranger's words.
    """
    words = gettext_lazy(
        "您的账号刚从一个没有用过的地方登录（%(what)s，%(address)s）。不是您本人，请马上点链接结束它。"
    )
    said = opened.said_by(request)
    told = filled(words, what=opened.known_name_of(BrowserSession(**said)), address=said["address"] or "—")
    made = UnfamiliarSignIn.objects.create(user=person, contact=_mark(person))
    telling.tell(person, told, about="sign-in:unfamiliar", link=address_of(made))


def address_of(made: UnfamiliarSignIn) -> str:
    """The address by which a person says that it was another; it is used once."""
    token = signing.dumps(made.pk, salt=SALT)
    return f"{settings.PUBLIC_ADDRESS}{reverse('not-me', args=[token])}"


def read(token: str, *, locked: bool = False) -> UnfamiliarSignIn:
    """The sign-in of a link, ``locked`` with its person in a transaction; raises ``NotNow`` for one that is none, old,
    or was used.

    It outlives whatever happens to the account meanwhile, so that nobody who signs in gets rid of the owner's word.
    """
    try:
        pk = signing.loads(token, salt=SALT, max_age=timedelta(days=DAYS))
    except signing.BadSignature:
        raise NotNow(_("这个链接不对或已过期。请找管理员。")) from None
    told = UnfamiliarSignIn.objects.select_related("user")
    made = (told.select_for_update() if locked else told).filter(pk=pk).first()
    if made is None or made.used_at is not None:
        raise NotNow(_("这个链接已经用过。请找管理员。"))
    return made


@whole
def refuse(token: str) -> User:
    """End whatever is open of a person, the password, which another knows, and every other door that may have been
    opened since that sign-in: connections with the single sign-on, second factors and recovery codes, links for a new
    password, another telephone or mail address. Tell the administrators.

    Raises ``NotNow``.
    """
    made = read(token, locked=True)
    person = made.user
    made.used_at = moments.now()
    made.save(update_fields=["used_at"])
    person.set_unusable_password()
    if _mark(person) != made.contact:
        person.phone, person.email = None, ""
    person.save(update_fields=["password", "phone", "email"])
    everywhere.sign_out(person)
    connecting.disconnect_all(person, by=SYSTEM)
    keeping.drop_since(person, made.signed_in_at)
    inviting.end_password_links(person)
    writing.write(User._meta.label, person, NOT_ME, SYSTEM, basis=BASIS, name=person.full_name)
    words = gettext_lazy(
        "%(name)s说有人用他的账号登录。所有登录已结束，密码已停用，"
        "那以后加的第二步验证、连接和联系方式都已去掉，请核对并发重设密码的链接。"
    )
    notices.deliver(person, [Addressee(Role.ADMINISTRATOR)], filled(words, name=person.full_name))
    return person


def forget_old() -> None:
    """Every night: forget the sign-ins whose links are over."""
    UnfamiliarSignIn.objects.filter(signed_in_at__lt=moments.now() - timedelta(days=DAYS)).delete()


def _mark(person: User) -> str:
    """By which a sign-in knows where its person was reached."""
    phone = person.phone.plain() if person.phone else ""
    return keyed_hash(f"{person.pk} {phone} {person.email}")[:64]
