"""Normalizing typed text, before anything checks, stores or compares it.

People type with an input method on, and paste from chats, papers and spreadsheets: the same
code or number comes full-width, with invisible characters, with odd spaces. What is stored
and compared must have the form that was checked, so everything typed goes through one of these:

- `code``: identity numbers, credit codes, telephones, item codes, order numbers;
- `folded``: choices, search words, days, times, amounts, whatever is compared;
- `line``: names and titles of one line, which keep their punctuation;
- `prose``: stories and reasons, which keep every visible character.

Full-width characters are written as escapes here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal

#: Comma, vertical bar, colon, brackets and yuan sign, half-width and full-width.
COMMAS = ",\uff0c"


BARS = "|\uff5c"


COLONS = ":\uff1a"


BRACKETS = "()\uff08\uff09"


YUAN_SIGNS = "\u00a5\uffe5"


#: Characters that cannot be stored: PostgreSQL takes no NUL, UTF-8 no half
#: of a surrogate pair. U+FDD0, which is never text, stands for a NUL in a form's post.
GAP = "\ufdd0"


_UNSTORABLE = re.compile(f"[\0{GAP}\ud800-\udfff]")


#: Words that tick a checkbox, and words that leave it empty.
YES = frozenset({"on", "true", "1", "yes", "是"})


NO = frozenset({"", "off", "false", "0", "no", "否"})


#: Invisible characters that are no format characters in Unicode: fillers, variation
#: selectors, the blank of Braille, the joiner of graphemes.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)


_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")


_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


#: Spaces between two Chinese signs.
_BETWEEN_SIGNS = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")


#: Unicode categories of letters, digits and spaces; all others are punctuation or symbols.
_LETTERS = ("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Zs")


#: Decompositions that change the meaning: 10 with a small 2 is not 102.
_NOT_FOLDED = ("<super>", "<sub>", "<fraction>", "<circle>", "<square>")


_COMMA, _POINT, _MINUS = "[,\uff0c']", "[.\uff0e]", "[-\u2212\uff0d]"


_PLAIN = rf"\d{{1,3}}(?:{_COMMA}\d{{3}})+(?!\d)|\d{{1,3}}(?: \d{{3}})+(?!\d)|\d+"


_NUMBER = re.compile(
    rf"(?:[+\uff0b]|(?P<minus>{_MINUS}))? ?(?P<whole>{_PLAIN})(?:{_POINT}(?P<part>\d+))?", re.ASCII
)


#: Text after a number that makes it unclear where the number ends.
_AMBIGUOUS_END = re.compile(rf"(?:{_COMMA}|{_POINT}) ?\d| ?\d", re.ASCII)


#: Measure words that people write behind a number of people, things or times.
_COUNTED = re.compile("(?:人|口|口人|个|个人|名|户|位|次|家|件|份)?")


_TENS = {"": 0, "万": 4, "亿": 8}


def cannot_be_kept(text: str) -> bool:
    """Whether the text has a character that cannot be stored: NUL, or half a surrogate pair."""
    return bool(_UNSTORABLE.search(text))


def prose(text: str) -> str:
    """The text without invisible characters; lines, tabs and punctuation stay as typed."""
    if text.isprintable():
        return text
    seen = _LINE_ENDS.sub("\n", text)
    return "".join(char for char in seen if char in "\n\t" or unicodedata.category(char) not in ("Cf", "Cc"))


def line(text: str) -> str:
    """One line: letters, digits and spaces in their plain form, punctuation as typed."""
    return _single_spaced(_map_characters(_plain_letter, _visible(text)))


def name(text: str) -> str:
    """The name of a person in one line: Chinese signs without spaces between them, as two spellings are one name."""
    return _BETWEEN_SIGNS.sub("", line(text))


def folded(text: str) -> str:
    """One line with everything in its plain form (NFKC), punctuation too."""
    return _single_spaced(_DASHES.sub("-", _map_characters(_plain, _visible(text))))


def code(text: str) -> str:
    """A code or number as it is stored: folded, without spaces and dashes, in capitals."""
    return unicodedata.normalize("NFC", re.sub(r"[\s-]", "", folded(text)).upper())


def order_code(text: str) -> str:
    """A number from another organization's books as such numbers are compared.

    It is a ``code`` in which the digits of every script are ASCII digits.
    """
    return code(re.sub(r"\d", lambda found: str(unicodedata.decimal(found[0])), text))


def compared(text: str) -> str:
    """The text as names are compared: folded, without spaces and case, all middle dots alike."""
    plain = unicodedata.normalize("NFC", re.sub(r"\s", "", folded(text)).casefold())
    return re.sub("[\u00b7\u2022\u2027\u2219\u22c5\u30fb]", "\u00b7", plain)


def _visible(text: str) -> str:
    """The text in one line without invisible characters."""
    return _BLANK.sub("", re.sub(r"\s", " ", prose(text)))


def _single_spaced(text: str) -> str:
    """The text with single spaces and none at its ends."""
    return " ".join(text.split())


def _map_characters(change: Callable[[str], str], text: str) -> str:
    """The text with every character changed, composed (NFC); what has no other form (NFKC) stays as it is."""
    if text.isascii() or unicodedata.is_normalized("NFKC", text):
        return text
    return unicodedata.normalize("NFC", "".join(map(change, text)))


def _plain(character: str) -> str:
    """The character in its compatibility form (NFKC), unless that changes the meaning."""
    if unicodedata.decomposition(character).startswith(_NOT_FOLDED):
        return character
    return unicodedata.normalize("NFKC", character)


def _plain_letter(character: str) -> str:
    """``_plain`` for letters, digits and spaces only."""
    return _plain(character) if unicodedata.category(character) in _LETTERS else character


def whole_number(text: object, *, longest: int = 18) -> int | None:
    """The number that ASCII digits alone write, as in addresses and headers; else None.

    No primary key has more than 18 digits.
    """
    found = str(text)
    return int(found) if re.fullmatch(rf"[0-9]{{1,{longest}}}", found) else None


def leading_number(text: str) -> tuple[Decimal, str] | None:
    """The number at the beginning, and the rest of the line; None if there is none.

    1,200 and 1 200 are one number. 1,20 and 1.2.3 are none, since their meaning is unclear.
    """
    text = line(text)
    found = _NUMBER.match(text)
    if found is None or _AMBIGUOUS_END.match(text, found.end()):
        return None
    digits = re.sub("[^0-9]", "", found["whole"]) + (f".{found['part']}" if found["part"] else "")
    return Decimal(f"-{digits}" if found["minus"] else digits), text[found.end() :].strip()


def number(text: str) -> Decimal | None:
    """The number that the whole text writes (1200, 1,200.50, -3), else None."""
    found = leading_number(text)
    return found[0] if found and not found[1] else None


def counted(text: str) -> int | None:
    """The whole number that the text writes, with or without a measure word (3, 3人); else None."""
    found = leading_number(text)
    if found is None or not _COUNTED.fullmatch(found[1]):
        return None
    return int(found[0]) if found[0] == found[0].to_integral_value() else None


def amount(text: str) -> Decimal | None:
    """The amount in yuan that the whole text writes, else None.

    Accepted are 1200, 1,200.50, a yuan sign before, 元 behind, and 1.2万 or 1.2万元.
    """
    bare = re.sub(f"^(?:人民币|RMB|CNY)?[{YUAN_SIGNS}]? ?", "", folded(text), flags=re.IGNORECASE)
    found = leading_number(bare)
    behind = re.fullmatch(r"([万亿]?) ?(?:元整?|圆整?)?", found[1]) if found else None
    if found is None or behind is None:
        return None
    # Formatted, since 1.2万 would else be 1.2E+4.
    return Decimal(f"{found[0].scaleb(_TENS[behind[1]]):f}")
