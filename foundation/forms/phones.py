"""Telephone numbers of mainland China, in the one form in which they are kept."""

from __future__ import annotations

import re

from foundation.forms import typed

#: A mobile, a fixed number with its area, a service number; and a fixed number alone.
_WHOLE = r"1[3-9]\d{9}|0(?:10|2\d)[2-8]\d{7}|0[3-9]\d{2}[2-8]\d{6,7}|[48]00\d{7}"


_LOCAL = r"[2-8]\d{6,7}"


_ABROAD = re.compile(r"(?:\+|00)?86(\d+)", re.ASCII)


_EXTENSION = re.compile(r"(.+?)(?:转|分机|ext\.?|[x#,-])(\d{1,6})", re.ASCII | re.IGNORECASE)


def normalized(text: str) -> str:
    """The number in digits, an extension behind a dash; empty where the text is no number.

    Prefix of the country, spaces, dashes and brackets are dropped: +86 138 0000 0000 is
    13800000000, (0510)8686-0000转801 is 051086860000-801.
    """
    bare = re.sub(r"[()\s]", "", typed.folded(text))
    if whole := _one(bare):
        return whole
    found = _EXTENSION.fullmatch(bare)
    first = _one(found[1]) if found else ""
    return f"{first}-{found[2]}" if found and first else ""


def _one(text: str) -> str:
    digits = text.replace("-", "")
    if re.fullmatch(f"{_WHOLE}|{_LOCAL}", digits, re.ASCII):
        return digits
    abroad = _ABROAD.fullmatch(digits)
    # From abroad the area is called without its zero.
    tries = (abroad[1], f"0{abroad[1]}") if abroad else ()
    return next((each for each in tries if re.fullmatch(_WHOLE, each, re.ASCII)), "")
