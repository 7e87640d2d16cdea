"""Masks of personal values for readers who may not see them whole.

What remains visible is enough to recognize a value one knows, and not to read one.
"""

from __future__ import annotations

import re

#: Characters of a telephone number that are hidden at least.
HIDDEN = 4
_MOBILE = re.compile(r"1\d{10}", re.ASCII)
_AREA = re.compile(r"0(?:10|2\d|[3-9]\d{2})", re.ASCII)


def mask_name(text: str) -> str:
    """王小明 becomes 王**: all but the first character is hidden; a single character too."""
    return text[:1] + "*" * (len(text) - 1) if len(text) > 1 else "*" * len(text)


def mask_id_number(text: str) -> str:
    """The first 6 characters (the place) of 18 stay, a third of any other number.

    More could be completed from birth date and sex, which stand beside it.
    """
    head = min(6, len(text) // 3)
    return text[:head] + "*" * (len(text) - head)


def mask_phone(text: str) -> str:
    """138****0000; of a fixed number the area code and at most half in all, never the extension."""
    number, dash, _extension = text.partition("-")
    if dash:
        return f"{mask_phone(number)}-***"
    if _MOBILE.fullmatch(number):
        return f"{number[:3]}****{number[-4:]}"
    area = _AREA.match(number)
    head = area.end() if area and len(number) > 2 * HIDDEN else 0
    tail = max(0, min(4, len(number) // 2 - head, len(number) - head - HIDDEN))
    hidden = len(number) - head - tail
    return f"{number[:head]}{'*' * hidden}{number[len(number) - tail :]}"


def mask_mail(text: str) -> str:
    """f***@example.org: the first character and the domain stay; "" for no text."""
    name, at, domain = text.partition("@")
    return f"{name[:1]}***{at}{domain}" if text else ""


def mask_account(text: str) -> str:
    """The last four digits of a bank account stay, and of a short one none."""
    tail = 4 if len(text) >= 2 * HIDDEN else 0
    return "*" * (len(text) - tail) + text[len(text) - tail :]


def mask_all(text: str) -> str:
    """``***``, or "" for no text."""
    return "***" if text else ""


MASKS = {
    "name": mask_name,
    "id_number": mask_id_number,
    "phone": mask_phone,
    "address": mask_all,
    "account": mask_account,
    "note": mask_all,
}
