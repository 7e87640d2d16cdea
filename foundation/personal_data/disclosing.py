"""What a reader may see of texts and values about people: plain, after a reason, or not at all.

A model decides it in one place (``discloses``); page, API, PDF and ``reveal`` ask here, so that
none shows more than another.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _

from foundation.forms import typed
from foundation.forms.base import CANNOT_BE_KEPT
from foundation.parties import those_read
from foundation.personal_data.fields import EncryptedField, SealedTextField
from foundation.personal_data.masking import mask_all
from foundation.refusals import Invalid
from foundation.roles import Actor

#: The law: processing for a clear purpose, limited to what it needs.
BASIS = "个人信息保护法第六条"

#: Characters of a reason at least, different letters in it at least, characters at most.
SHORTEST_REASON, FEWEST_LETTERS, LONGEST_REASON = 4, 3, 200


class Telling(IntEnum):
    """How a value is disclosed to a reader: never, after a reason, or plain."""

    NEVER = 0
    REASON = 1
    PLAIN = 2


class Disclosing:
    """A model with texts about people, which decides field by field who may read them.

    ``confided`` names further texts about people, columns or properties, that are disclosed the same
    way. ``reasons_as`` names the field whose disclosure reasons follow that no row of the table
    assigns elsewhere (``Transition.kept_in``): why a deadline was paused, say.
    """

    confided: ClassVar[tuple[str, ...]] = ()
    reasons_as: ClassVar[str] = ""

    def discloses(self, field: str, reader: Actor) -> Telling:
        """How ``field`` is disclosed to ``reader``, who may see the object."""
        raise TypeError(f"{type(self).__name__} does not say who reads “{field}”")

    def may_reveal(self, actor: Actor, field: str) -> bool:
        """Whether ``actor`` may read ``field`` after a reason."""
        return self.discloses(field, actor) is not Telling.NEVER


def delicate(model: type[models.Model]) -> list[str]:
    """The names of a model's free texts about people."""
    sealed = [
        concrete_field.name
        for concrete_field in model._meta.concrete_fields
        if isinstance(concrete_field, SealedTextField)
    ]
    return [*sealed, *getattr(model, "confided", ())]


def protected(model: type[models.Model]) -> set[str]:
    """The names of all fields of a model that may be revealed."""
    sealed = {
        concrete_field.name
        for concrete_field in model._meta.concrete_fields
        if isinstance(concrete_field, EncryptedField)
    }
    return sealed | set(delicate(model))


def shown(obj: Any, field: str, reader: Actor | None, *, among_many: bool = False) -> str:
    """The text of a field as this reader sees it: the text, ``***`` or "".

    In a list (``among_many``) oversight sees ``***`` where it sees the text on a page.
    """
    text = getattr(obj, field) or ""
    telling = obj.discloses(field, reader) if reader else Telling.NEVER
    if telling is Telling.PLAIN and not (among_many and reader and reader.overseeing):
        return str(text)
    return mask_all(str(text)) if telling is not Telling.NEVER else ""


def told(obj: Any, values: dict[str, Any], reader: Actor, *, among_many: bool = False) -> dict[str, Any]:
    """What this reader is told of the values of an object: his fields, and texts about people as they are shown."""
    texts, read = delicate(type(obj)), those_read(reader, obj, values.keys())
    return {
        name: shown(obj, name, reader, among_many=among_many) if name in texts else value
        for name, value in values.items()
        if name in read
    }


def remark(obj: Any, text: str, reader: Actor | None) -> str:
    """A remark on an object (why its deadline was paused), as this reader sees it.

    It is disclosed like ``reasons_as``; an object without that is about nobody, and it is shown.
    """
    field = getattr(obj, "reasons_as", "")
    if not field:
        return text
    telling = obj.discloses(field, reader) if reader else Telling.NEVER
    if telling is Telling.PLAIN:
        return text
    return mask_all(text) if telling is Telling.REASON else ""


def good_reason(reason: str) -> str:
    """The reason, cleaned; raises ``Invalid`` for one that says nothing."""
    if typed.cannot_be_kept(reason):
        raise Invalid(_("内容有误，没有保存。"), fields={"reason": CANNOT_BE_KEPT})
    text = typed.prose(reason).strip()
    message = ""
    if len(text) < SHORTEST_REASON:
        message = _("请写明查看理由，至少 4 个字。")
    elif len(text) > LONGEST_REASON:
        message = _("理由请写在 %(most)s 字以内。") % {"most": LONGEST_REASON}
    elif len(set(re.findall(r"[^\W\d_]", text))) < FEWEST_LETTERS:
        message = _("请用文字写明为什么要看，不能只写数字、符号或重复的字。")
    if message:
        raise Invalid(message, fields={"reason": message}, rule=BASIS)
    return text
