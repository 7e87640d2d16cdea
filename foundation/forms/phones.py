"""Telephone numbers of mainland China in the form in which they are stored."""

from __future__ import annotations

import re

from foundation.forms import typed

_MOBILE = r"1[3-9]\d{9}"


#: A mobile, a fixed number with its area code, or a service number.
_WHOLE = _MOBILE + r"|0(?:10|2\d)[2-8]\d{7}|0[3-9]\d{2}[2-8]\d{6,7}|[48]00\d{7}"


_LOCAL = r"[2-8]\d{6,7}"


_ABROAD = re.compile(r"(?:\+|00)?86(\d+)", re.ASCII)


_EXTENSION = re.compile(r"(.+?)(?:转|分机|ext\.?|[x#,-])(\d{1,6})", re.ASCII | re.IGNORECASE)


def normalized(text: str) -> str:
    """The number in digits, an extension behind a dash; "" if the text is no number.

    Prefix of the country, spaces, dashes and brackets are dropped: +86 138 0000 0000 becomes
    13800000000, (0300)8686-0000转801 becomes 030086860000-801.
    """
    bare = re.sub(r"[()\s]", "", typed.folded(text))
    if whole := _one(bare):
        return whole
    found = _EXTENSION.fullmatch(bare)
    first = _one(found[1]) if found else ""
    return f"{first}-{found[2]}" if found and first else ""


def takes_texts(number: str) -> bool:
    """Whether a number as it is stored is of a mobile, which alone takes texts."""
    return re.fullmatch(_MOBILE, number, re.ASCII) is not None


def _one(text: str) -> str:
    """The digits of one number without an extension; "" if the text is none."""
    digits = text.replace("-", "")
    if re.fullmatch(f"{_WHOLE}|{_LOCAL}", digits, re.ASCII):
        return digits
    abroad = _ABROAD.fullmatch(digits)
    # From abroad the area code is dialled without its zero.
    tries = (abroad[1], f"0{abroad[1]}") if abroad else ()
    return next((number for number in tries if re.fullmatch(_WHOLE, number, re.ASCII)), "")
