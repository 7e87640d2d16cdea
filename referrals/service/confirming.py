"""How a household confirms a visit: by a code that is valid for this visit only, or by a signature.

A code goes to the household's phone by text and is valid for one visit. The next one is sent with the news
that the visit was recorded, or when somebody asks for it. Only hashes are stored.
"""

from __future__ import annotations

import base64
import io
import secrets
from datetime import date
from typing import NoReturn

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageOps

from foundation import moments
from foundation.forms.phones import takes_texts
from foundation.journal import sentences, writing
from foundation.messaging import senders, sending, texts
from foundation.parties import is_one_of
from foundation.personal_data import keys
from foundation.refusals import Invalid, NotNow, NotYours, Refused
from foundation.roles import Actor
from foundation.transactions import whole
from households.register import phones
from referrals.offers.models import Referral
from referrals.offers.states import REFERRAL
from referrals.permissions import coordinator, household, worker
from referrals.service.models import Visit, VisitCode

#: How many wrong tries invalidate a code, and how many codes one service may be sent in a day.
MOST_TRIES, MOST_A_DAY = 5, 5


PNG = "data:image/png;base64,"


#: The limits of a signature drawn on the phone: characters of its data URL, pixels a side.
LARGEST_SIGNATURE, LEAST_SIDE, MOST_SIDE = 60_000, 40, 2000


#: The least number of dark pixels and the least extent (pixels) of a signature, and the share of dark
#: pixels from which on it is a filled sheet.
LEAST_INK, LEAST_REACH, MOST_SHARE = 60, 20, 0.5


#: The parts of the rule with the texts that tell a code: with the plan, after a visit, on request.
FIRST, NEXT, ASKED = "first_code", "next_code", "asked_code"


# --- codes ------------------------------------------------------------------------------


#: What is written into the journal here.
SEND_CODE = sentences.act("send_code", gettext_lazy("%(who)s请系统给家庭发了确认码"))
WRONG_CODE = sentences.act("wrong_code", gettext_lazy("%(who)s输错了家庭的确认码"))


@whole
def send_code(referral: Referral, *, by: Actor) -> VisitCode | None:
    """Send the household a new code on request; the one before becomes invalid.

    Raises ``NotYours`` for people outside the service, ``NotNow`` before the plan and after the end,
    ``Refused`` where there is no phone or too many were sent today.
    """
    locked = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    serves = is_one_of((worker, coordinator), by, locked)
    if not serves and not household.admits(by, locked.need):
        raise NotYours(_("这不在您的职责范围内，不能办理“%(act)s”。") % {"act": _("发送确认码")})
    if not locked.visited:
        raise NotNow(_("服务没有开始或已经结束，不用确认码。"))
    if not _phone(locked):
        raise Refused(_("这户没有留手机号，发不了确认码；请家庭签字确认。"))
    if _sent_today(locked) >= MOST_A_DAY:
        raise Refused(_("今天发的确认码太多，请明天再发，或请家庭签字确认。"))
    sent = _send(locked, ASKED)
    writing.write(REFERRAL.label, locked, SEND_CODE, by, basis="S29")
    return sent


def send_first(referral: Referral) -> None:
    """Send the code of the first visit with the plan, where the household has a phone."""
    _send(referral, FIRST)


def send_next(referral: Referral, visit: Visit) -> None:
    """A visit was confirmed by its code: tell the household, and send the next code."""
    if referral.used < referral.units:
        _send(referral, NEXT, visit.on)


def _send(referral: Referral, part: str, on: date | None = None) -> VisitCode | None:
    """Text a new code; the one before becomes invalid.

    The caller holds the lock of the referral's row.
    """
    phone = _phone(referral)
    if not phone:
        return None
    now, code = moments.now(), f"{secrets.randbelow(10**6):06d}"
    referral.codes.live().update(ended_at=now)
    values = {"provider": referral.provider, "code": code, "phone": referral.need.matter.window.phone}
    text = texts.worded("messages.referrals", part, **values, day=on)
    return VisitCode.objects.create(
        referral=referral,
        code_hash=_hash(referral, code),
        message=sending.send(phone, text, about="visit-code"),
        sent_at=now,
    )


def _phone(referral: Referral) -> str:
    """The household's own number as the window has it; otherwise the one that the provider received.

    "" where there is none, or one that takes no texts.
    """
    household = referral.need.matter.household
    number = referral.contact_phone.plain() if referral.contact_phone else ""
    if household.phone:
        number = phones.reached_at(household, referral.need.person)
    return number if takes_texts(number) and senders.takes_texts() else ""


def _sent_today(referral: Referral) -> int:
    midnight = moments.now().astimezone(moments.SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    return referral.codes.filter(sent_at__gte=midnight).count()


def _hash(referral: Referral, code: str) -> str:
    return keys.keyed_hash(f"visit-code:{referral.pk}:{code}")


def read_code(referral: Referral, code: str, *, by: Actor) -> VisitCode:
    """The valid code of the referral, if ``code`` is it. The caller holds the lock of the referral's row.

    Raises ``Invalid`` at ``code``. A wrong code is counted and written into the journal although the action
    is refused, so nothing may be changed before. A code that has confirmed an earlier visit of this referral
    costs no try, since it discloses nothing.
    """
    live = referral.codes.live().first()
    given = _hash(referral, code)
    spent = referral.codes.exclude(visit=None).filter(code_hash=given)
    if (live is None or live.code_hash != given) and spent.exists():
        _wrong("code", _("这个码已经用过，请用最新短信里的码；没有收到的，请再发一条或请家庭签字。"))
    if live is None or live.tries >= MOST_TRIES:
        _wrong("code", _("现在没有可用的确认码。请点“发送确认码”再发一条，或请家庭签字。"))
    if not secrets.compare_digest(live.code_hash, given):
        VisitCode.objects.filter(pk=live.pk).update(tries=F("tries") + 1)
        writing.write(REFERRAL.label, referral, WRONG_CODE, by, basis="S29")
        left = MOST_TRIES - live.tries - 1
        words = (
            _("确认码不对，还能试 %(left)s 次。请向家庭核对最新一条短信，或请家庭签字。") % {"left": left}
            if left
            else _("确认码错了太多次，已作废。请再发一条，或请家庭签字。")
        )
        _wrong("code", words, leaves_trace=True)
    return live


def use(code: VisitCode, visit: Visit) -> None:
    """Mark the code as used by this visit; it never confirms another one."""
    used = VisitCode.objects.live().filter(pk=code.pk).update(visit=visit)
    if not used:
        _wrong("code", _("现在没有可用的确认码。请点“发送确认码”再发一条，或请家庭签字。"))


def live_code(referral: Referral) -> VisitCode | None:
    """The valid code for the next visit; None for none."""
    live = referral.codes.live().select_related("message").first()
    return live if live is not None and live.tries < MOST_TRIES else None


# --- signatures -------------------------------------------------------------------------


def sealed_signature(signature: str) -> bytes:
    """The drawn signature (a PNG as data URL) in its stored form. Raises ``Invalid`` where it is none.

    It is drawn anew from its pixels, so that the file carries nothing else.
    """
    if not signature.startswith(PNG) or len(signature) > LARGEST_SIGNATURE:
        _unreadable()
    try:
        raw = base64.b64decode(signature.removeprefix(PNG), validate=True)
        picture = Image.open(io.BytesIO(raw), formats=["PNG"])
        if not all(LEAST_SIDE <= side <= MOST_SIDE for side in picture.size):
            _unreadable()
        ink = _ink(picture)
    except Invalid:
        raise
    except Exception:  # an image library raises many kinds of errors for a bad file
        _unreadable()
    if not _is_drawn(ink):
        _wrong("signature", _("签字是空白的，请家庭在框里签名。"))
    kept = io.BytesIO()
    ImageOps.invert(ink).save(kept, "PNG", optimize=True)
    return keys.encrypt(kept.getvalue(), "referrals_visit.signature")


def _ink(picture: Image.Image) -> Image.Image:
    """The darkness of each pixel on white paper, 0 to 255."""
    drawn = picture.convert("RGBA")
    paper = Image.new("RGBA", drawn.size, "white")
    return ImageOps.invert(Image.alpha_composite(paper, drawn).convert("L"))


def _is_drawn(ink: Image.Image) -> bool:
    dark = ink.point(lambda level: 255 if level > 127 else 0)
    box = dark.getbbox()
    if box is None:
        return False
    points = dark.histogram()[255]
    reach = max(box[2] - box[0], box[3] - box[1])
    share = points / (ink.width * ink.height)
    return points >= LEAST_INK and reach >= LEAST_REACH and share <= MOST_SHARE


def _unreadable() -> NoReturn:
    _wrong("signature", _("签字图片读不出来，请重签。"))


def _wrong(field: str, message: str, *, leaves_trace: bool = False) -> NoReturn:
    raise Invalid(message, fields={field: message}, rule="S24", leaves_trace=leaves_trace)
