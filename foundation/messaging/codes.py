"""Codes that prove who has a phone: six digits, valid for minutes, few tries."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from foundation import limits_told, moments
from foundation.advisory_locks import take_lock
from foundation.messaging import sending, texts
from foundation.messaging.models import PhoneCode
from foundation.messaging.senders import sender, takes_texts
from foundation.networks import network_of
from foundation.personal_data.keys import keyed_hash
from foundation.refusals import Invalid, Limit, NotNow, TooOften, whole_minutes
from foundation.retention.sweeping import keep_rows

#: Minutes for which a code is valid, and wrong tries that end it.
MINUTES, MOST_TRIES = 10, 5
#: Codes an hour: for one phone and ``about`` from one address, for the same from everywhere, for
#: all phones from one network address.
MOST_AN_HOUR, MOST_FOR_ONE_PHONE, MOST_FROM_ONE_ADDRESS = 5, 20, 40
#: Seconds.
HOUR = 3600


def send(
    phone: str, purpose: str, *, really: bool = True, address: str = "", asker: str = "", about: str = ""
) -> str:
    """Send a code to a phone; returns it only if no message leaves the machine, else "".

    Call it in a transaction. With ``really`` false everything looks the same and nothing is sent,
    so that nobody learns whether a number is known. ``asker`` is a secret of the visit, which alone
    may ``check`` the code. Requests are counted by ``address``, purpose and ``about`` (the number
    typed beside the phone), so that a stranger who knows the phone cannot use up its owner's.
    Raises ``TooOften`` after too many in an hour, and ``NotNow`` where no text comes to anybody.
    """
    if not takes_texts():
        raise NotNow(_("本平台没有接短信，发不了验证码。请到窗口办理，或者打服务热线。"))
    who = keyed_hash(phone)
    take_lock("phone-code", who)
    address = network_of(address) if address else ""
    recent = moments.now() - timedelta(hours=1)
    lately = PhoneCode.objects.filter(sent_at__gte=recent)
    for_phone = lately.filter(phone_hash=who, purpose=purpose, about_hash=_hashed(about))
    _keep_to_the_limits(lately.filter(address=address) if address else lately.none(), for_phone, address)
    code = f"{secrets.randbelow(10**6):06d}"
    PhoneCode.objects.create(
        phone_hash=who,
        asker_hash=_hashed(asker),
        about_hash=_hashed(about),
        purpose=purpose,
        code_hash=keyed_hash(code),
        really=really,
        address=address,
        sent_at=moments.now(),
    )
    if not really:
        return ""
    sending.send(
        phone,
        texts.worded("messages.codes", "code", code=code, minutes=MINUTES),
        about=f"code:{purpose}",
        until=moments.now() + timedelta(minutes=MINUTES),
    )
    return code if sender().shows and not settings.PUBLIC else ""


def _keep_to_the_limits(from_here: QuerySet[PhoneCode], for_phone: QuerySet[PhoneCode], address: str) -> None:
    """Raise ``TooOften`` where one of the counts of the last hour is used up."""
    counts = (
        ("codes-of-address", from_here, MOST_FROM_ONE_ADDRESS),
        ("codes-of-phone-here", for_phone.filter(address=address), MOST_AN_HOUR),
        ("codes-of-phone", for_phone, MOST_FOR_ONE_PHONE),
    )
    for name, sent, most in counts:
        limit = Limit(name, most, HOUR)
        times = sent.order_by("-sent_at").values_list("sent_at", flat=True)[:most]
        if len(times) >= most:
            again_in = HOUR - (moments.now() - times[most - 1]).total_seconds()
            words = _("这个号码取验证码太频繁\uff0c请 %(minutes)s 分钟后再试\uff0c或到窗口办理。")
            raise TooOften(words % {"minutes": whole_minutes(again_in)}, limit=limit, again_in=again_in)
        limits_told.counted(limit, most - len(times) - 1, HOUR)


def _hashed(text: str) -> str:
    """The keyed hash of a text; "" for none."""
    return keyed_hash(text) if text else ""


def check(phone: str, purpose: str, code: str, *, asker: str = "") -> None:
    """Use up the last code of a visit; raises ``Invalid`` at ``code`` for a wrong or expired one.

    Tries and codes of other visits for the same phone do not matter, and a code that was not really
    sent does not hide one that was. Do not call it in a transaction that the refusal rolls back:
    wrong tries count.
    """
    with using(phone, purpose, code, asker=asker):
        pass


@contextmanager
def using(phone: str, purpose: str, code: str, *, asker: str = "") -> Iterator[None]:
    """Do what is within with a code, in one transaction with its being used up; raises as ``check`` does.

    What is refused within leaves the code for a next try; tries count all the same.
    """
    since = moments.now() - timedelta(minutes=MINUTES)
    last = (
        PhoneCode.objects.filter(phone_hash=keyed_hash(phone), purpose=purpose, asker_hash=_hashed(asker))
        .filter(sent_at__gte=since, used_at=None)
        .order_by("-really", "-pk")
        .first()
    )
    message = _("验证码不对或已过期\uff0c请重新获取。")
    if last is None:
        raise Invalid(message, fields={"code": message})
    # The try is counted before the code is compared, so that concurrent tries count too.
    counted = PhoneCode.objects.filter(pk=last.pk, tries__lt=MOST_TRIES).update(tries=F("tries") + 1)
    right = last.really and secrets.compare_digest(last.code_hash, keyed_hash(code))
    with transaction.atomic():
        if not (counted and right and _use(last)):
            raise Invalid(message, fields={"code": message})
        yield


def _use(code: PhoneCode) -> bool:
    """Mark the code as used; whether it was not used before."""
    return bool(PhoneCode.objects.filter(pk=code.pk, used_at=None).update(used_at=moments.now()))


keep_rows("retention.work", "codes", lambda before: PhoneCode.objects.filter(sent_at__lt=before))
