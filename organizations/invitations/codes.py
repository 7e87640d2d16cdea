"""The code of an invitation: 80 bits, derived from its key and serial number, typed or opened as a link."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from foundation.forms import typed
from foundation.refusals import NotNow
from organizations.invitations.models import Invitation
from organizations.invitations.states import Purpose

SALT = "organizations.invitations"

#: Bytes of a code, characters of it, and how many stand together.
BYTES, LENGTH, GROUP = 10, 16, 4


def code_of(invitation: Invitation) -> str:
    """The code in groups: ABCD-EFGH-2345-6723."""
    known = f"{invitation.pk} {invitation.serial}"
    drawn = salted_hmac(SALT, known, algorithm="sha256").digest()[:BYTES]
    text = base64.b32encode(drawn).decode()
    return "-".join(text[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def digest_of(code: str) -> str:
    """The hash under which the invitation of a code is found, however the code is typed; "" for what is none."""
    bare = re.sub(r"[^A-Z2-7]", "", typed.folded(code).upper())
    return hashlib.sha256(bare.encode()).hexdigest() if len(bare) == LENGTH else ""


def link_of(invitation: Invitation) -> str:
    """The address that opens an invitation."""
    return f"{settings.PUBLIC_ADDRESS}{reverse('join', args=[code_of(invitation)])}"


def over(invitation: Invitation) -> str:
    """That its link is over, and whom to ask for another."""
    if (where := invitation.organization or invitation.place) is not None and where.closed:
        return _("“%(where)s”已停用，这个链接作废。") % {"where": where}
    if invitation.purpose == Purpose.PASSWORD:
        return _("这个链接已经用过、撤回或过期。请让管理员重新发一次。")
    return _("这个链接已经用过、撤回或过期。请让邀请您的人重新发一次。")


def read(code: str) -> Invitation:
    """The invitation of a code; raises ``NotNow`` for one that is none, was used, withdrawn or replaced, or expired."""
    digest = digest_of(code)
    found = _found(digest=digest) if digest else None
    if found is None:
        raise _refused(_why_none(digest))
    if not found.usable:
        raise _refused(over(found))
    return found


def _found(**asked: Any) -> Invitation | None:
    """The invitation of a hash."""
    return Invitation.objects.filter(**asked).select_related("organization", "place", "user").first()


def _why_none(digest: str) -> str:
    """Why a code opens nothing: it has been replaced by a newer one, or there never was one."""
    former = _found(replaced__contains=[digest]) if digest else None
    if former is None:
        return _("没有这个邀请。请核对链接或邀请码，或者请让邀请您的人重新发一次。")
    if not former.usable:
        return over(former)
    return _("这个链接已经重新发过一次，以前的作废。请用最新收到的那一封。")


def _refused(words: str) -> NotNow:
    """The refusal of a code, which is told at its field where it was typed."""
    return NotNow(words, fields={"code": words})
