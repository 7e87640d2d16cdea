"""Amounts as Chinese contracts write them."""

from __future__ import annotations

from decimal import Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_WITHIN = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")


def in_capitals(amount: Decimal) -> str:
    """An amount in CNY in Chinese capitals: 530000 is 伍拾叁万元整.

    Raises ``ValueError`` for a negative amount or more than 999,999,999,999.99.
    """
    fen = int((amount * 100).to_integral_value())
    if not 0 <= fen < 10**14:
        raise ValueError(f"no contract has this amount: {amount}")
    yuan, jiao, fen = fen // 100, fen // 10 % 10, fen % 10
    words = f"{_whole(yuan)}元" if yuan else ""
    if not jiao and not fen:
        return f"{words or '零元'}整"
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif words:
        words += "零"
    return words + (f"{_DIGITS[fen]}分" if fen else "")


def _whole(number: int) -> str:
    """A whole number of yuan in capitals."""
    words, gap = "", False
    groups = [number // 10**8, number // 10**4 % 10**4, number % 10**4]
    for group, name in zip(groups, reversed(_GROUPS), strict=True):
        if not group:
            gap = bool(words)
            continue
        if words and (gap or group < 1000):
            words += _DIGITS[0]
        words += _group(group) + name
        gap = False
    return words


def _group(number: int) -> str:
    """A number below 10,000 in capitals."""
    words, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            words += (_DIGITS[0] if gap and words else "") + _DIGITS[digit] + _WITHIN[place]
            gap = False
        else:
            gap = True
    return words
