"""Adding second factors and removing them, by their owner; and resetting them, for whoever has lost them."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.journal import sentences, writing
from foundation.personal_data import keys
from foundation.refusals import Invalid, NotNow, NotYours, Words
from foundation.roles import SYSTEM, Actor
from foundation.transactions import whole
from foundation.wording import filled
from organizations.factors import recovery, totp
from organizations.factors.models import Factor, FactorKind, RecoveryCode
from organizations.factors.proving import SECRET
from organizations.people import helping, telling
from organizations.people.helping import RESET_FACTORS, Half
from organizations.people.models import User
from organizations.people.states import BASIS
from organizations.signing_in import everywhere, gate
from organizations.single_sign_on import connecting

#: What is written into the journal here.
ADD = sentences.act("add_factor", gettext_lazy("%(who)s添加了一个第二步验证"))
REMOVE = sentences.act("remove_factor", gettext_lazy("%(who)s删除了一个第二步验证"))
RENEW_CODES = sentences.act("renew_recovery_codes", gettext_lazy("%(who)s换了备用码"))

#: For how long a secret that was offered may be confirmed, and how many factors one person has at most.
OFFERED, MOST = timedelta(minutes=30), 10

#: Of what a secret that is offered and not kept yet is sealed for.
OFFER = "organizations.factors.offer"


def offer(person: User) -> str:
    """A new secret for an app, sealed for its owner, until it is confirmed."""
    given = {
        "person": person.pk,
        "secret": totp.new_secret().hex(),
        "until": (moments.now() + OFFERED).timestamp(),
    }
    return base64.urlsafe_b64encode(keys.encrypt(json.dumps(given).encode(), OFFER)).decode()


def offered(person: User, sealed: str) -> bytes:
    """The secret that was offered to a person; raises ``Invalid`` at ``offer`` for another's or an old one."""
    try:
        given = json.loads(keys.decrypt(base64.urlsafe_b64decode(sealed), OFFER))
    except (ValueError, KeyError, IndexError):
        given = {}
    if given.get("person") != person.pk or given["until"] < moments.now().timestamp():
        message = _("这个二维码已经过期，请重新扫一次。")
        raise Invalid(message, fields={"offer": message, "code": message})
    return bytes.fromhex(given["secret"])


@whole
def add_app(person: User, *, by: Actor, name: str, sealed: str, code: str) -> list[str]:
    """Add an authenticator app that shows this code; returns recovery codes where the person had no factor before.

    Raises ``Invalid`` at ``code`` for a wrong one, and at ``offer`` for a secret that is kept already.
    """
    secret = offered(person, sealed)
    User.objects.select_for_update().get(pk=person.pk)
    apps = Factor.objects.filter(user=person, kind=FactorKind.APP)
    if any(app.secret and keys.decrypt(app.secret, SECRET.purpose) == secret for app in apps):
        message = _("这个二维码已经添加过\uff0c请重新扫一个。")
        raise Invalid(message, fields={"offer": message, "code": message})
    step = totp.step_with(secret, totp.typed_code(code), moments.now())
    if step is None:
        message = _("验证码不对。请看验证器上现在的六位数字；手机的时间要准。")
        raise Invalid(message, fields={"code": message})
    sealed_secret = keys.encrypt(secret, SECRET.purpose)
    return _added(person, by, Factor(kind=FactorKind.APP, name=name, secret=sealed_secret, step=step))


@whole
def add_passkey(person: User, *, by: Actor, name: str, credential: str, public_key: bytes) -> list[str]:
    """Add a passkey; returns recovery codes where the person had no factor before. Raises ``Invalid``."""
    made = Factor(kind=FactorKind.PASSKEY, name=name, credential=credential, public_key=public_key)
    return _added(person, by, made)


def _added(person: User, by: Actor, factor: Factor) -> list[str]:
    """Save a factor of a person, and tell it; the recovery codes, where it is the first.

    The first one ends everything that is open by the password alone.
    """
    User.objects.select_for_update().get(pk=person.pk)
    own = Factor.objects.filter(user=person)
    if own.count() >= MOST:
        raise NotNow(_("最多添加 %(most)s 个，请先删除不用的。") % {"most": MOST})
    first = not own.exists()
    factor.user = person
    try:
        with transaction.atomic():
            factor.save()
    except IntegrityError:
        message = _("这个通行密钥已经添加过。")
        raise Invalid(message, fields={"answer": message}) from None
    writing.write(User._meta.label, person, ADD, by, reason=factor.name, basis=BASIS, name=person.full_name)
    words = gettext_lazy("您的账号添加了第二步验证“%(name)s”。不是您本人的，请马上告诉管理员。")
    telling.tell(person, filled(words, name=_kind_of(factor)), about="sign-in:factor")
    if not first:
        return []
    everywhere.sign_out(person)
    return recovery.renew(person)


@whole
def remove(factor: Factor, *, by: Actor) -> None:
    """Remove a factor of one's own; raises ``NotNow`` for the last one of a person whose role needs one."""
    person = User.objects.select_for_update().get(pk=factor.user_id)
    last = not Factor.objects.filter(user=person).exclude(pk=factor.pk).exists()
    if last and any(gate.must_prove(membership) for membership in person.memberships.of_today()):
        raise NotNow(_("您的身份要有第二步验证，请先添加另一个，再删除这个。"), rule=BASIS)
    factor.delete()
    if last:
        RecoveryCode.objects.filter(user=person).delete()
    writing.write(
        User._meta.label, person, REMOVE, by, reason=factor.name, basis=BASIS, name=person.full_name
    )
    words = gettext_lazy("您账号的第二步验证“%(name)s”已删除。不是您本人的，请马上告诉管理员。")
    telling.tell(person, filled(words, name=_kind_of(factor)), about="sign-in:factor")


def _kind_of(factor: Factor) -> Words:
    """What kind of factor it is, in our words: the name that it was given may be a stranger's."""
    return FactorKind(factor.kind).label


@whole
def renew_codes(person: User, *, by: Actor) -> list[str]:
    """New recovery codes for a person who has a factor; the old ones are void. Raises ``NotNow`` without one."""
    if not Factor.objects.filter(user=person).exists():
        raise NotNow(_("请先添加验证器或通行密钥，再领备用码。"), rule=BASIS)
    writing.write(User._meta.label, person, RENEW_CODES, by, basis=BASIS, name=person.full_name)
    words = gettext_lazy("您账号的备用码换了一批，以前的作废。不是您本人的，请马上结束所有登录并告诉管理员。")
    telling.tell(person, words, about="sign-in:codes")
    return recovery.renew(person)


@whole
def reset(person: User, *, by: Actor, reason: str) -> None:
    """Take all factors and recovery codes of a person away, who has lost them, and end whatever is open, connections
    with the single sign-on too.

    Raises ``NotYours`` for oneself, for a person whom the administrator may not help, and for one to whom he has lately
    sent a link for a new password, or entered another telephone or mail address; ``NotNow`` for one who has none.
    """
    if person.pk == by.user_id:
        raise NotYours(_("不能清除自己的第二步验证，请找另一位管理员。"), rule=BASIS)
    helping.require(person, by)
    helping.require_another(person, by, Half.FACTOR)
    if not Factor.objects.filter(user=person).exists():
        raise NotNow(_("这个人没有第二步验证。"), rule=BASIS)
    Factor.objects.filter(user=person).delete()
    RecoveryCode.objects.filter(user=person).delete()
    everywhere.sign_out(person)
    connecting.disconnect_all(person, by=by)
    writing.write(
        User._meta.label, person, RESET_FACTORS, by, reason=reason, basis=BASIS, name=person.full_name
    )
    words = gettext_lazy(
        "%(who)s清除了您账号的第二步验证，请用密码登录后重新设置。不是您要求的，请马上告诉管理员。"
    )
    telling.tell(person, filled(words, who=by.said), about="sign-in:factor")


@whole
def drop_since(person: User, moment: datetime) -> None:
    """Drop the factors that were added to an account, and the recovery codes that were made, since a moment in which
    another signed in; codes are nothing without a factor.
    """
    for factor in Factor.objects.filter(user=person, added_at__gte=moment):
        factor.delete()
        writing.write(
            User._meta.label, person, REMOVE, SYSTEM, reason=factor.name, basis=BASIS, name=person.full_name
        )
    codes = RecoveryCode.objects.filter(user=person)
    if Factor.objects.filter(user=person).exists():
        codes = codes.filter(made_at__gte=moment)
    codes.delete()
