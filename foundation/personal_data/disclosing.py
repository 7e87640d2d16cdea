"""What a reader is told of a person: in plain, after a reason, or not at all.

An object that holds such fields says it in one place (``discloses``); page, API, PDF and the
revealing of a value ask here, so that no door tells more than another.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _

from foundation.forms import typed
from foundation.forms.base import CANNOT_BE_KEPT
from foundation.personal_data.fields import EncryptedField, SealedTextField
from foundation.personal_data.masking import mask_all
from foundation.refusals import Invalid
from foundation.roles import Actor

#: Personal information is processed for a clear purpose, and as little as that needs.
BASIS = "个人信息保护法第六条"

#: A reason has so many characters at least, so many different letters, and at most so many.
SHORTEST_REASON, FEWEST_LETTERS, LONGEST_REASON = 4, 3, 200


class Telling(IntEnum):
    """How a value is told to a reader."""

    NEVER = 0
    REASON = 1
    PLAIN = 2


class Disclosing:
    """A model with stories, results or notes: it says who reads them, field by field.

    ``confided`` names further texts about people, columns or properties, that are told alike.
    ``reasons_as`` names the field as which a reason is told that no row of the table keeps
    elsewhere: why a deadline stands still, say.
    """

    confided: ClassVar[tuple[str, ...]] = ()
    reasons_as: ClassVar[str] = ""

    def discloses(self, field: str, reader: Actor) -> Telling:
        """How ``field`` is told to ``reader``, who sees the object itself."""
        raise TypeError(f"{type(self).__name__} does not say who reads “{field}”")

    def may_reveal(self, actor: Actor, field: str) -> bool:
        """Whether ``actor`` may read ``field``, given a reason."""
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
    """The names of all that may be revealed of a model."""
    sealed = {
        concrete_field.name
        for concrete_field in model._meta.concrete_fields
        if isinstance(concrete_field, EncryptedField)
    }
    return sealed | set(delicate(model))


def shown(obj: Any, field: str, reader: Actor | None, *, among_many: bool = False) -> str:
    """The text of a field as this reader sees it: itself, *** or nothing.

    ``among_many`` is a list: there nobody reads what oversight reads one by one.
    """
    text = getattr(obj, field) or ""
    telling = obj.discloses(field, reader) if reader else Telling.NEVER
    if telling is Telling.PLAIN and not (among_many and reader and reader.overseeing):
        return str(text)
    return mask_all(str(text)) if telling is not Telling.NEVER else ""


def remark(obj: Any, text: str, reader: Actor | None) -> str:
    """What somebody remarked on an object (why its deadline stands still): told as the reasons
    about it are, or to everybody who sees an object that is about nobody.
    """
    field = getattr(obj, "reasons_as", "")
    if not field:
        return text
    telling = obj.discloses(field, reader) if reader else Telling.NEVER
    if telling is Telling.PLAIN:
        return text
    return mask_all(text) if telling is Telling.REASON else ""


def good_reason(reason: str) -> str:
    """A reason that says something. Raises ``Invalid`` for one that does not."""
    if typed.cannot_be_kept(reason):
        raise Invalid(_("内容有误，没有保存。"), fields={"reason": CANNOT_BE_KEPT})
    said = typed.prose(reason).strip()
    message = ""
    if len(said) < SHORTEST_REASON:
        message = _("请写明查看理由，至少 4 个字。")
    elif len(said) > LONGEST_REASON:
        message = _("理由请写在 %(most)s 字以内。") % {"most": LONGEST_REASON}
    elif len(set(re.findall(r"[^\W\d_]", said))) < FEWEST_LETTERS:
        message = _("请用文字写明为什么要看，不能只写数字、符号或重复的字。")
    if message:
        raise Invalid(message, fields={"reason": message}, rule=BASIS)
    return said
