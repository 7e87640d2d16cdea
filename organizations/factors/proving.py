"""Proving who one is with a second factor; wrong codes are limited as wrong passwords are."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.journal import sentences, writing
from foundation.personal_data import keys
from foundation.refusals import Invalid
from foundation.roles import SYSTEM
from foundation.transactions import whole
from foundation.wording import filled
from organizations.factors import passkeys, recovery, totp
from organizations.factors.models import Factor, FactorKind
from organizations.people import telling
from organizations.people.models import User
from organizations.signing_in import devices, tries
from organizations.signing_in.tries import Count

#: What is written into the journal here.
USE_RECOVERY_CODE = sentences.act("use_recovery_code", gettext_lazy("本人用一个备用码登录"))

#: The kind of the counts of tries with passkeys.
PASSKEY = "passkey-"

#: The field in which a secret is sealed.
SECRET = Factor._meta.get_field("secret")


def asked_of(person: User) -> bool:
    """Whether a person has a second factor, and so is asked for it."""
    return Factor.objects.filter(user=person).exists()


def check(request: HttpRequest, person: User, code: str) -> None:
    """Use up a code of an app, or a recovery code; raises ``Invalid`` at ``code``, and ``TooMany``."""
    device = devices.known(request, person.username)
    counts = tries.counts_of(person.username, request.META.get("REMOTE_ADDR", ""), device, kind="factor-")
    tries.take(counts)
    if not (_is_of_an_app(person, code) or _is_on_paper(person, code)):
        message = _("验证码不对，或者刚用过。请看验证器上现在的六位数字，或者用一个备用码。")
        raise Invalid(message, fields={"code": message})
    tries.give_back(counts)


def check_signed(request: HttpRequest, answer: str, person: User | None = None) -> User:
    """The person whose passkey has signed what the browser was asked, who must be this one if one is given.

    Raises ``Invalid`` at ``answer``, and ``TooMany``.
    """
    counts = _counts_of_passkeys(request, person or passkeys.owner_named_by(answer), known=person is not None)
    tries.take(counts)
    factor = passkeys.signed_with(request, answer)
    if factor is None or (person is not None and factor.user_id != person.pk):
        message = _("这个通行密钥不能用：可能已经删除，或者不是为这里建的。请换一种办法。")
        raise Invalid(message, fields={"answer": message})
    tries.give_back(counts)
    Factor.objects.filter(pk=factor.pk).update(last_used_at=moments.now())
    return factor.user


def _counts_of_passkeys(request: HttpRequest, person: User | None, *, known: bool) -> tuple[Count, ...]:
    """The counts of a try with a passkey, apart from those of codes: of a person who is ``known`` by the password or by
    the browser its own, so that no stranger behind the same address keeps anybody out; else that of the address.
    """
    address = request.META.get("REMOTE_ADDR", "")
    device = devices.known(request, person.username) if person is not None else ""
    if person is not None and (known or device):
        return tries.counts_of(person.username, address, device, kind=PASSKEY)[:2]
    return (tries.count_of_address(PASSKEY, address),)


def _is_of_an_app(person: User, code: str) -> bool:
    """Whether an app of the person shows this code now; each code is good once."""
    digits = totp.typed_code(code)
    if not digits:
        return False
    for factor in Factor.objects.filter(user=person, kind=FactorKind.APP):
        step = totp.step_with(secret_of(factor), digits, moments.now())
        if step is None:
            continue
        unused = Factor.objects.filter(pk=factor.pk, step__lt=step)
        if unused.update(step=step, last_used_at=moments.now()):
            return True
    return False


@whole
def _is_on_paper(person: User, code: str) -> bool:
    """Whether it is an unused recovery code of the person, who is told that it is used now."""
    if not recovery.use(person, code):
        return False
    left = recovery.left_of(person)
    writing.write(User._meta.label, person, USE_RECOVERY_CODE, SYSTEM, name=person.full_name)
    words = gettext_lazy(
        "有人用您的一个备用码登录，还剩 %(left)s 个。不是您本人的，请马上结束所有登录并告诉管理员。"
    )
    telling.tell(person, filled(words, left=left), about="sign-in:code")
    return True


def secret_of(factor: Factor) -> bytes:
    """The secret that an app shares."""
    return keys.decrypt(bytes(factor.secret or b""), SECRET.purpose)
