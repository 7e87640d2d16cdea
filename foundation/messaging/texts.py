"""The wording of text messages and mails: the city's own, from the rule of the package that sends them.

Each such rule begins with ``messages.``; its parts are texts with placeholders. They go out in the language of the
records, whoever acts, behind the signature in brackets that is one for all.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from foundation.rules import fields, placeholders, reading
from foundation.rules.events import Preview, previews
from foundation.rules.reading import Rule
from foundation.wording import day

#: The rule with the signature, and the text that its preview shows.
SIGNATURE, SHOWN = "messages.signature", "messages.codes"

#: What stands around the signature.
OPENS, CLOSES = "【", "】"

#: Characters of a message that is sent as one, and of each part of a longer one.
ALONE, PART = 70, 67


def worded(key: str, part: str, **values: object) -> str:
    """The text of a rule's part with its placeholders filled, signed.

    ``values`` are given by the keys of the placeholders in ``rules.yaml``; days are said as ``day``. Raises
    ``KeyError`` for a value that the text needs and is not given.
    """
    rules = reading.several(key, SIGNATURE)
    known = rules[key].fields[part].places
    with translation.override(settings.LANGUAGE_CODE):
        said = {name: day(one) if isinstance(one, date) else one for name, one in values.items()}
        return _signed(placeholders.filled(rules[key].value[part], known, said), rules[SIGNATURE].value)


def _signed(text: str, signature: Mapping[str, Any]) -> str:
    """The text behind the signature."""
    return f"{OPENS}{signature['signature']}{CLOSES}{text}"


def parts_of(text: str) -> int:
    """How many messages a text takes on its way: one up to 70 characters, else one for each 67."""
    length = len(text.encode("utf-16-be")) // 2
    return 1 if length <= ALONE else -(-length // PART)


def faults(values: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with the texts of a rule: brackets, in which the signature alone stands."""
    words = _("不要写【】：签名发出时自动加在前面。")
    return {path: words for path, text in values.items() if OPENS in text or CLOSES in text}


@previews.register
def filled_with_examples(rule: Rule, value: Mapping[str, Any]) -> list[Preview]:
    """Each text of a rule with invented values, as it would arrive, and how many messages it takes."""
    if rule.key == SIGNATURE:
        shown = reading.current(SHOWN)
        return _filled(shown, shown.value, value)
    if any(part.places for part in rule.fields.values()):
        return _filled(rule, value, reading.current(SIGNATURE).value)
    return []


def _filled(rule: Rule, value: Mapping[str, Any], signature: Mapping[str, Any]) -> list[Preview]:
    parts = fields.leaves(value)
    found = []
    for path, one in rule.fields.items():
        text = _signed(placeholders.example(parts[path], one.places), signature)
        note = _("这样填好是 %(length)s 个字，%(parts)s 条短信。") % {
            "length": len(text),
            "parts": parts_of(text),
        }
        found.append(Preview(one.label, text, note))
    return found
