"""Reading a personal value whole: a verb with a reason and a journal entry."""

from __future__ import annotations

from typing import Protocol

from django.utils.translation import gettext as _

from foundation import typed
from foundation.forms import CANNOT_BE_KEPT
from foundation.journal import writing
from foundation.personal_data.fields import EncryptedField
from foundation.refusals import Invalid, NotYours
from foundation.roles import Actor
from foundation.together import whole

#: Personal information is processed for a clear purpose, and as little as that needs.
BASIS = "个人信息保护法第六条"


class Revealable(Protocol):
    """An object that knows who may read its personal values, given a reason."""

    def may_reveal(self, actor: Actor, field: str) -> bool:
        """Whether ``actor`` may read ``field``."""


@whole
def reveal(obj: Revealable, field: str, *, by: Actor, reason: str) -> str:
    """The plain value of an encrypted field.

    Raises ``Invalid`` without a reason of at least 4 characters or for a field
    that is not personal, ``NotYours`` where the role has no need of it.
    """
    if typed.cannot_be_kept(reason):
        raise Invalid(_("内容有误,没有保存。"), fields={"reason": CANNOT_BE_KEPT})
    reason = typed.prose(reason).strip()
    known = {each.name for each in obj._meta.concrete_fields if isinstance(each, EncryptedField)}
    if field not in known:
        raise Invalid(_("没有这项受保护的信息。"), fields={"field": _("没有这项信息。")})
    if len(reason) < 4:
        message = _("请写明查看理由,至少 4 个字。")
        raise Invalid(message, fields={"reason": message}, rule=BASIS)
    if not obj.may_reveal(by, field):
        raise NotYours(_("您的身份不需要看到这项信息。"), rule=BASIS)
    writing.write(
        obj._meta.label,
        obj,
        "reveal",
        by,
        after={"field": field},
        reason=reason,
        basis=BASIS,
    )
    value = getattr(obj, field)
    return value.plain() if value else ""
