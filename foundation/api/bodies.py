"""Request bodies of the API: JSON whose types are checked before a form reads it.

Form fields are made for browsers, which send everything as text and tick a box by any word.
Programs know their types, so a value of another type is an error at its name and is never
converted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import IO, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, parsers
from rest_framework.request import Request
from rest_framework.utils.json import strict_constant

from foundation.forms import structured
from foundation.forms.base import CANNOT_BE_KEPT, holds_what_cannot_be_kept
from foundation.forms.fields import ObjectsField
from foundation.refusals import Invalid

#: Characters of an idempotency key; the journal's column is as long.
LONGEST_KEY = 80


class JSONParser(parsers.JSONParser):
    """DRF's JSON parser, with every fault of the body answered as a 400 in words."""

    def parse(self, stream: IO[Any], media_type: Any = None, parser_context: Any = None) -> Any:
        """The value; raises ``ParseError`` for no JSON or too deep, ``Invalid`` for unstorable text."""
        try:
            found = json.loads(
                stream.read().decode(), parse_constant=strict_constant, object_pairs_hook=_unique_names
            )
        except RecursionError:
            raise exceptions.ParseError(_("JSON 嵌套太深。")) from None
        except ValueError as fault:
            raise exceptions.ParseError(_("内容不是正确的 JSON。")) from fault
        if structured.depth(found) > structured.DEEPEST:
            raise exceptions.ParseError(_("JSON 嵌套太深。"))
        if structured.is_no_number(found):
            raise exceptions.ParseError(_("内容不是正确的 JSON。"))
        if holds_what_cannot_be_kept(found):
            raise Invalid(_("内容有误，没有保存。"), fields=_unstorable_names(found))
        return found


def _unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of these pairs; raises ``ValueError`` where a name comes twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name comes twice")
    return found


def _unstorable_names(found: Any) -> dict[str, Any]:
    """The names of a body whose values the database cannot store, each with the message."""
    if not isinstance(found, dict):
        return {}
    return {
        name.encode(errors="replace").decode().replace("\0", "?"): CANNOT_BE_KEPT
        for name, value in found.items()
        if holds_what_cannot_be_kept({name: value})
    }


def key_of(request: Request) -> str:
    """The header ``Idempotency-Key``, or ""; raises ``Invalid`` if it is too long or not printable."""
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST_KEY or not key.isprintable():
        message = _("请求编号最多 %(most)s 个可见字符。") % {"most": LONGEST_KEY}
        raise Invalid(message, fields={"Idempotency-Key": message})
    return key


def object_in(request: Request) -> dict[str, Any]:
    """The body as an object; raises ``Invalid`` for anything else."""
    data = request.data
    if not isinstance(data, dict):
        raise Invalid(_("请发送一个 JSON 对象。"))
    return data


YES_OR_NO = gettext_lazy("应是 true 或 false。")
TEXT = gettext_lazy("应是文字（字符串）。")
NUMBER = gettext_lazy("应是数，或写成文字的数。")
MOMENT = gettext_lazy("应是写成文字的日期或时间。")
CHOICE = gettext_lazy("应是一个选项的值。")
CHOICES = gettext_lazy("应是选项的值的列表。")
OBJECTS = gettext_lazy("应是对象的列表。")
FILE = gettext_lazy("文件请用 multipart/form-data 发送。")


def _is_number(value: Any) -> bool:
    """Whether a program sent a number, or a text in its place."""
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _is_choice(value: Any) -> bool:
    """Whether a program sent what may be the value of a choice."""
    return isinstance(value, str | int) and not isinstance(value, bool)


def type_fault(field: forms.Field, value: Any) -> Any:
    """The message that names the wanted type if ``value`` is of another; else ""."""
    right, words = _typed_for(field, value)
    return "" if right else words


def _typed_for(field: forms.Field, value: Any) -> tuple[bool, Any]:
    """Whether the value has the type of the field, and the message that names that type."""
    match field:
        case forms.FileField():
            return False, FILE
        case forms.BooleanField():
            return isinstance(value, bool) or value in ("true", "false"), YES_OR_NO
        case forms.MultipleChoiceField() | forms.ModelMultipleChoiceField():
            return isinstance(value, list) and all(map(_is_choice, value)), CHOICES
        case forms.ChoiceField():
            return _is_choice(value), CHOICE
        case ObjectsField():
            every = isinstance(value, list) and all(isinstance(item, dict) for item in value)
            return every, OBJECTS
        case forms.JSONField():
            return True, ""
        case forms.IntegerField():  # whole numbers and decimals
            return _is_number(value), NUMBER
        case forms.fields.BaseTemporalField():
            return isinstance(value, str), MOMENT
        case _:
            lines = getattr(field, "takes_lists", False) and isinstance(value, list)
            whole = all(isinstance(line, str) for line in value) if lines else False
            return whole or isinstance(value, str), TEXT


def faults_of(form: forms.Form, data: dict[str, Any]) -> dict[str, Any]:
    """One message for each value of a JSON body that has a wrong type, by name."""
    known = {name: value for name, value in data.items() if name in form.fields}
    found = {name: type_fault(form.fields[name], value) for name, value in known.items() if value is not None}
    return {name: fault for name, fault in found.items() if fault}


def files_for_text(form: forms.Form, files: Iterable[str]) -> dict[str, Any]:
    """One message for each file sent for a field that takes no file, by name."""
    return {
        name: TEXT
        for name in files
        if name in form.fields and not isinstance(form.fields[name], forms.FileField)
    }
