"""Typed text in its one form, before anything checks, keeps or compares it.

People type with an input method on, and paste from chats, papers and sheets: the same code
or number comes full-width, with marks inside that nobody sees, with odd spaces. Whatever is
checked must be kept and compared in the form in which it was checked. So everything typed
goes through one of these:

- ``code``: identity numbers, credit codes, telephones, item codes, order numbers;
- ``folded``: choices, search words, days, times, amounts, whatever is compared;
- ``line``: names and titles of one line, which keep their punctuation;
- ``prose``: stories and reasons, which keep everything that can be seen.

Characters that look alike here and there are written as escapes, since tools fold them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal

#: Comma, vertical bar, colon, brackets and yuan sign, as both keyboards type them.
COMMAS = ",\uff0c"


BARS = "|\uff5c"


COLONS = ":\uff1a"


BRACKETS = "()\uff08\uff09"


YUAN_SIGNS = "\u00a5\uffe5"


#: Characters by which a text cannot be kept: the database takes no NUL, no encoding a half
#: of a pair. U+FDD0 never is text; it stands where a NUL was taken out of a form's post.
GAP = "\ufdd0"


_UNKEPT = re.compile(f"[\0{GAP}\ud800-\udfff]")


#: What ticks a box, and what does not.
YES = frozenset({"on", "true", "1", "yes", "是"})


NO = frozenset({"", "off", "false", "0", "no", "否"})


#: Nothing to see, though Unicode does not call them format characters: fillers, variation
#: selectors, the blank of Braille, the joiner of graphemes.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)


_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")


_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


#: Letters, digits and spaces; the rest are marks.
_LETTERS = ("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Zs")


#: What says something else than its plain letter: 10 with a small 2 is not 102.
_NOT_FOLDED = ("<super>", "<sub>", "<fraction>", "<circle>", "<square>")


_COMMA, _POINT, _MINUS = "[,\uff0c']", "[.\uff0e]", "[-\u2212\uff0d]"


_PLAIN = rf"\d{{1,3}}(?:{_COMMA}\d{{3}})+(?!\d)|\d{{1,3}}(?: \d{{3}})+(?!\d)|\d+"


_NUMBER = re.compile(
    rf"(?:[+\uff0b]|(?P<minus>{_MINUS}))? ?(?P<whole>{_PLAIN})(?:{_POINT}(?P<part>\d+))?", re.ASCII
)


#: What behind a number leaves open where it ends.
_GOES_ON = re.compile(rf"(?:{_COMMA}|{_POINT}) ?\d| ?\d", re.ASCII)


#: What people write behind a number of people, things or times.
_COUNTED = re.compile("(?:人|口|口人|个|个人|名|户|位|次|家|件|份)?")


_TENS = {"": 0, "万": 4, "亿": 8}


def cannot_be_kept(text: str) -> bool:
    """Whether a NUL or the half of a surrogate pair is in the text."""
    return bool(_UNKEPT.search(text))


def prose(text: str) -> str:
    """The text without what cannot be seen; lines, tabs and punctuation stay as typed."""
    if text.isprintable():
        return text
    seen = _LINE_ENDS.sub("\n", text)
    return "".join(each for each in seen if each in "\n\t" or unicodedata.category(each) not in ("Cf", "Cc"))


def line(text: str) -> str:
    """One line: letters, digits and spaces in their plain form, punctuation as typed."""
    return _spaced(_changed(_plain_letter, _seen(text)))


def folded(text: str) -> str:
    """One line in which everything has its plain form, punctuation too (NFKC)."""
    return _spaced(_DASHES.sub("-", _changed(_plain, _seen(text))))


def code(text: str) -> str:
    """A code or number as it is kept: folded, without spaces and dashes, in capitals."""
    return unicodedata.normalize("NFC", re.sub(r"[\s-]", "", folded(text)).upper())


def order_code(text: str) -> str:
    """The number of somebody else's books as such numbers are compared: a code, in which the
    digits of every script are the plain ones.
    """
    return code(re.sub(r"\d", lambda found: str(unicodedata.decimal(found[0])), text))


def compared(text: str) -> str:
    """The text as names are compared: folded, without spaces and case, middle dots alike."""
    plain = unicodedata.normalize("NFC", re.sub(r"\s", "", folded(text)).casefold())
    return re.sub("[\u00b7\u2022\u2027\u2219\u22c5\u30fb]", "\u00b7", plain)


def _seen(text: str) -> str:
    return _BLANK.sub("", re.sub(r"\s", " ", prose(text)))


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _changed(change: Callable[[str], str], text: str) -> str:
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", "".join(map(change, text)))


def _plain(character: str) -> str:
    if unicodedata.decomposition(character).startswith(_NOT_FOLDED):
        return character
    return unicodedata.normalize("NFKC", character)


def _plain_letter(character: str) -> str:
    return _plain(character) if unicodedata.category(character) in _LETTERS else character


def whole_number(text: object, *, longest: int = 18) -> int | None:
    """The number that ASCII digits alone spell, as addresses and headers carry it; else None.

    No key of ours has more than 18 digits.
    """
    found = str(text)
    return int(found) if re.fullmatch(rf"[0-9]{{1,{longest}}}", found) else None


def leading_number(text: str) -> tuple[Decimal, str] | None:
    """The number at the beginning, and the line that follows it; None where no number is.

    1,200 and 1 200 are one number; where a comma or point with more digits is left over
    (1,20 or 1.2.3) there is none, since nobody knows what was meant.
    """
    text = line(text)
    found = _NUMBER.match(text)
    if found is None or _GOES_ON.match(text, found.end()):
        return None
    digits = re.sub("[^0-9]", "", found["whole"]) + (f".{found['part']}" if found["part"] else "")
    return Decimal(f"-{digits}" if found["minus"] else digits), text[found.end() :].strip()


def number(text: str) -> Decimal | None:
    """The number that the whole text writes (1200, 1,200.50, -3), else None."""
    found = leading_number(text)
    return found[0] if found and not found[1] else None


def counted(text: str) -> int | None:
    """The whole number that the text writes, with or without what is counted (3, 3人); else None."""
    found = leading_number(text)
    if found is None or not _COUNTED.fullmatch(found[1]):
        return None
    return int(found[0]) if found[0] == found[0].to_integral_value() else None


def amount(text: str) -> Decimal | None:
    """The amount in yuan that the whole text writes, else None.

    Read are 1200, 1,200.50, a yuan sign before, 元 behind, and 1.2万 or 1.2万元.
    """
    bare = re.sub(f"^(?:人民币|RMB|CNY)?[{YUAN_SIGNS}]? ?", "", folded(text), flags=re.IGNORECASE)
    found = leading_number(bare)
    behind = re.fullmatch(r"([万亿]?) ?(?:元整?|圆整?)?", found[1]) if found else None
    if found is None or behind is None:
        return None
    # 1.2万 would else be written 1.2E+4.
    return Decimal(f"{found[0].scaleb(_TENS[behind[1]]):f}")
