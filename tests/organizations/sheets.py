"""Lists of places, bodies and windows for tests."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from foundation.roles import Actor, Role
from organizations.bodies.models import Organization
from organizations.city_lists import entering
from organizations.city_lists.columns import COLUMNS
from organizations.city_lists.forms import UploadCityList
from organizations.city_lists.models import CityList
from organizations.people.models import Membership, User

CITY = {
    "code": "999999",
    "name": "示例市",
    "name_en": "Sample",
    "kind": "市",
    "latitude": 31.92,
    "longitude": 120.28,
}
ZONE = {"code": "999999901", "name": "示例开发区", "kind": "开发区"}
TOWN = {"code": "999999101", "name": "东镇", "kind": "镇", "zone": "示例开发区"}
STREET = {"code": "999999001", "name": "西街道", "kind": "街道", "parent": "示例市"}
VILLAGE = {"code": "999999101201", "name": "甲村", "kind": "村", "parent": "东镇"}
COMMUNITY = {"code": "999999001001", "name": "乙社区", "kind": "村（社区）", "parent": "999999001"}
#: Below their parents last, as nobody would write them.
PLACES = [COMMUNITY, VILLAGE, STREET, TOWN, ZONE, CITY]

BODY = {
    "name": "示例市民政局",
    "code": "mz",
    "name_en": "Civil Affairs",
    "since": "2018-12-11",
    "phone": "0510-86000001",
    "may_buy": "是",
    "duty": "最低生活保障",
    "need_kind": "基本生活困难",
    "basis": "示政发〔2018〕1号",
}

WINDOW = {
    "town": "东镇",
    "name": "东镇社会救助窗口",
    "address": "东镇便民中心",
    "phone": "0510-86200101",
    "hours": "周一至周五 8:30-11:30 13:30-17:00",
}

#: The names of the columns of each kind, by which rows are written here.
HEADS = {kind: {column.name: column.label for column in columns} for kind, columns in COLUMNS.items()}


def xlsx(kind: str, rows: Sequence[Mapping[str, Any]], heads: Sequence[str] = ()) -> SimpleUploadedFile:
    """An XLSX file with these rows."""
    book = Workbook()
    page = book.active
    names = list(HEADS[kind])
    page.append(list(heads) or list(HEADS[kind].values()))
    for row in rows:
        page.append([row.get(name) for name in names])
    content = io.BytesIO()
    book.save(content)
    return SimpleUploadedFile(f"{kind}.xlsx", content.getvalue())


def as_csv(kind: str, rows: Sequence[Mapping[str, Any]], encoding: str = "utf-8-sig") -> SimpleUploadedFile:
    """The same as CSV."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADS[kind].values())
    for row in rows:
        writer.writerow([row.get(name, "") for name in HEADS[kind]])
    return SimpleUploadedFile(f"{kind}.csv", text.getvalue().encode(encoding))


def form(kind: str, file: SimpleUploadedFile, by: Any) -> UploadCityList:
    """The form of the upload, filled."""
    return UploadCityList({"kind": kind}, {"file": file}, actor=by)


def faults(kind: str, rows: Sequence[Mapping[str, Any]], by: Any) -> list[str]:
    """What is told of these rows."""
    filled = form(kind, xlsx(kind, rows), by)
    assert not filled.is_valid()
    return [str(words) for words in filled.errors["file"]]


def uploaded(kind: str, rows: Sequence[Mapping[str, Any]], by: Actor) -> CityList:
    """A list of these rows that waits to be confirmed."""
    filled = form(kind, xlsx(kind, rows), by)
    assert filled.is_valid(), filled.errors
    return entering.upload(by=by, **filled.given())


def entered(kind: str, rows: Sequence[Mapping[str, Any]], by: Actor) -> CityList:
    """A list of these rows that was confirmed."""
    return entering.confirm(uploaded(kind, rows, by), by=by)


def outcomes(found: CityList) -> tuple[int, int, int]:
    """How many rows of a list are new, changed and unchanged."""
    return found.new, found.changed, found.unchanged


def first_administrator() -> Actor:
    """The administrator whom the command makes on an empty server."""
    body = Organization.objects.create(kind="body", code="minzheng", name="民政局", may_buy=True)
    user = User.objects.create(username="guanli", full_name="管理员")
    return Membership.objects.create(user=user, role=Role.ADMINISTRATOR, organization=body).actor()
