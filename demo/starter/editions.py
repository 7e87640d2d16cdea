"""The city's editions of the catalog: last year's, the one in force, and the next one in consultation.

They are imported from the sheet, as a city would import its own file.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from catalog.comments import commenting
from catalog.editions import counting, publishing
from catalog.editions.models import Edition
from catalog.items import editing
from catalog.items.item_form import ItemForm, as_given
from catalog.items.models import Item
from catalog.sheets import importing
from demo.starter.days import at, first_day
from demo.starter.files import HERE, read_csv, read_yaml
from demo.starter.places_and_people import actor
from foundation import moments
from foundation.rules import reading

TITLE = "江阴市社会救助政府购买服务目录（{year}年版）"


TITLE_EN = "Jiangyin catalog of assistance services that government buys ({year})"


@dataclass
class Sheet:
    """An uploaded file."""

    content: bytes
    name: str
    kind: str = "csv"

    def read(self) -> bytes:
        """Its bytes."""
        return self.content


def load() -> int:
    """Make three editions where there is none yet; returns how many were made."""
    if Edition.objects.exists():
        return 0
    begin, data = first_day(), read_yaml("editions.yaml")
    _published(begin.replace(year=begin.year - 1), _before(data["before"]), 91)
    _published(begin, _sheet(), 96)
    _in_consultation(begin.year + 1, data["next"])
    return 3


def load_one() -> int:
    """Make the edition in force where there is none yet; returns how many were made."""
    if Edition.objects.exists():
        return 0
    _published(first_day(), _sheet(), 96)
    return 1


def _sheet() -> bytes:
    """The catalog of the year in the columns of the sheet."""
    return (HERE / "catalog.csv").read_bytes()


def _before(changes: dict[str, Any]) -> bytes:
    """The sheet of the year before, derived from today's."""
    rows = [row for row in read_csv("catalog.csv") if row["代码"] not in changes["without"]]
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    for row in rows:
        writer.writerow(row | changes["change"].get(row["代码"], {}))
    return text.getvalue().encode()


def _published(begin: date, content: bytes, number: int) -> None:
    """An edition, from the import to the day on which it came into force."""
    drafter, approver = actor("minzheng"), actor("minzheng2")
    with moments.as_of(at(begin - timedelta(days=126))):
        edition = publishing.draft(by=drafter, title=TITLE.format(year=begin.year))
        edition = publishing.describe(edition, by=drafter, title_en=TITLE_EN.format(year=begin.year))
        waiting = importing.upload(by=drafter, edition=edition, file=Sheet(content, "目录.csv"), replace=True)
        importing.apply(waiting, by=drafter)
        edition = publishing.open_consultation(edition, by=drafter)
    with moments.as_of(at(begin - timedelta(days=115))):
        comment = commenting.give(
            by=actor("bumen"),
            edition=edition,
            item_code="D01.01",
            text="就业技能培训建议注明须取得证书或试岗。",
        )
        commenting.answer(comment, by=drafter, text="已采纳，写入服务标准。")
    with moments.as_of(at(begin - timedelta(days=100))):
        edition = publishing.submit(edition, by=drafter)
    with moments.as_of(at(begin - timedelta(days=95))):
        counting.count_now(edition)
        publishing.approve(
            edition,
            by=approver,
            document_number=f"澄民发〔{begin.year - 1}〕{number}号",
            index_number=f"01404053X/{begin.year - 1}-{number:05d}",
            in_force_from=begin,
        )
    with moments.as_of(at(begin, 0) + timedelta(minutes=2)):
        publishing.bring_into_force()


def _in_consultation(year: int, changes: dict[str, Any]) -> None:
    """Next year's edition, changed in some items and sent to the bodies."""
    drafter = actor("minzheng")
    with moments.as_of(at(moments.today() - timedelta(days=6))):
        edition = publishing.draft(by=drafter, title=TITLE.format(year=year))
        edition = publishing.describe(edition, by=drafter, title_en=TITLE_EN.format(year=year))
        for code, values in changes["change"].items():
            item = edition.items.select_related("body").get(code=code)
            _change(item, as_given(item, _percent()) | values)
        editing.add(edition, by=drafter, **_checked(changes["add"]))
        publishing.open_consultation(edition, by=drafter)
    with moments.as_of(at(moments.today() - timedelta(days=2))):
        commenting.give(
            by=actor("bumen2"), edition=edition, item_code="B01.03", text="建议送医陪诊增加夜间时段的价格。"
        )


def _percent() -> int:
    return int(reading.current("catalog.ceiling").value["percent_above_guide"])


def _change(item: Item, given: dict[str, Any]) -> None:
    editing.change(item, by=actor("minzheng"), **_checked(given))


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    """The values as the form cleans them; a fault in the starter's own file is an error."""
    form = ItemForm(given)
    if not form.is_valid():
        raise ValueError(form.errors.as_text())
    return form.cleaned_data
