"""The series of official numbers, each named by what it numbers, and the letters that the city gives to each.

Letters, and how many digits follow, are the rule ``numbering``. Letters with which another series has given out numbers
are not given again: whoever reads a number on paper finds one thing, whatever the rule is then.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.numbering.models import Counter
from foundation.rules import reading

RULE = "numbering"


class Series(models.TextChoices):
    """What is numbered."""

    MATTER = "matter", gettext_lazy("事项")
    REFERRAL = "referral", gettext_lazy("转介")
    HOUSEHOLD = "household", gettext_lazy("家庭")
    MEETING = "meeting", gettext_lazy("联席会议")
    PROJECT = "project", gettext_lazy("采购项目")
    CONTRACT = "contract", gettext_lazy("合同")
    INVOICE = "invoice", gettext_lazy("结算单")
    GIFT = "gift", gettext_lazy("捐赠收据")


def letters_now(series: Series) -> str:
    """The letters with which numbers of the series begin now."""
    return str(reading.current(RULE).value[series]["letters"])


def digits_now(series: Series) -> int:
    """How many digits the running part has at least."""
    return int(reading.current(RULE).value[series]["digits"])


def letters_ever(series: Series) -> list[str]:
    """The letters of the series now, and those that it had before, the newest first."""
    return list(dict.fromkeys(rule.value[series]["letters"] for rule in reading.ever(RULE)))


def most_digits(series: Series) -> int:
    """The most digits that the series was ever given."""
    return max(rule.value[series]["digits"] for rule in reading.ever(RULE))


def faults(values: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with the parts of a rule: letters with which another series has given out numbers."""
    given_out = set(Counter.objects.values_list("series", flat=True).distinct())
    held = {letters: other for other in Series for letters in letters_ever(other) if letters in given_out}
    found = {}
    for series in Series:
        letters = values[f"{series}.letters"]
        if (other := held.get(letters, series)) is not series:
            words = _("“%(letters)s”已经编过%(other)s的号，不能再给别的用。")
            found[f"{series}.letters"] = words % {"letters": letters, "other": other.label}
    return found
