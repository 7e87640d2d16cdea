"""Amounts in capitals, as contracts write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.money import in_capitals

VALUES = {c: n for n, c in enumerate("零壹贰叁肆伍陆柒捌玖")}
UNITS = {"拾": 10, "佰": 100, "仟": 1000}


def read_back(words: str) -> Decimal:
    """The amount that the words say, read independently of how they were made."""
    whole, _, rest = words.partition("元")
    if not rest and not words.endswith("元"):
        whole, rest = "", words
    total = section = digit = 0
    for c in whole:
        if c in VALUES:
            digit = VALUES[c]
        elif c in UNITS:
            section, digit = section + digit * UNITS[c], 0
        else:
            total, section, digit = total + (section + digit) * {"万": 10**4, "亿": 10**8}[c], 0, 0
    amount = Decimal(total + section + digit)
    for unit, worth in (("角", "0.1"), ("分", "0.01")):
        if unit in rest:
            amount += VALUES[rest[rest.index(unit) - 1]] * Decimal(worth)
    return amount


@pytest.mark.parametrize(
    "amount,words",
    [
        ("530000", "伍拾叁万元整"),
        ("0", "零元整"),
        ("10", "壹拾元整"),
        ("1004", "壹仟零肆元整"),
        ("10500", "壹万零伍佰元整"),
        ("100000000", "壹亿元整"),
        ("100000001.05", "壹亿零壹元零伍分"),
        ("8024.50", "捌仟零贰拾肆元伍角"),
        ("0.07", "柒分"),
        ("1850000.10", "壹佰捌拾伍万元壹角"),
    ],
)
def test_amounts_read_as_a_contract_has_them(amount, words):
    assert in_capitals(Decimal(amount)) == words


@given(st.decimals(min_value=0, max_value=Decimal("999999999999.99"), places=2))
def test_every_amount_can_be_read_back(amount):
    assert read_back(in_capitals(amount)) == amount


def test_a_negative_amount_is_refused():
    with pytest.raises(ValueError, match="no contract"):
        in_capitals(Decimal("-1"))
