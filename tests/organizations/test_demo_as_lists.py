"""The city of the demonstration, written as sheets and entered into an empty database, is the one that the starter makes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction

from demo.starter import places_and_people
from demo.starter.files import read_yaml
from foundation.roles import Role
from organizations.bodies import hours
from organizations.bodies.models import Organization, OrganizationName
from organizations.city_lists import entering
from organizations.people.models import Membership, User
from organizations.places.models import Place
from organizations.responsibilities.models import Responsibility
from organizations.responsibilities.need_kinds import NeedKind
from tests.organizations import sheets

pytestmark = pytest.mark.empty


def places() -> list[dict[str, Any]]:
    """The places of the demonstration as rows of a sheet."""
    data = read_yaml("places.yaml")
    rows = [{**data["city"], "kind": "市"}, *({**zone, "kind": "开发区"} for zone in data["zones"])]
    for kind, found in (("镇", data["towns"]), ("街道", data["streets"])):
        for town in found:
            rows.append({**town, "kind": kind, "parent": data["city"]["name"]})
            rows += [
                {
                    "code": f"{town['code']}{number:02d}",
                    "name": name,
                    "kind": "村（社区）",
                    "parent": town["name"],
                    "latitude": town["latitude"] + number * 0.004,
                    "longitude": town["longitude"] - number * 0.004,
                }
                for number, name in enumerate(town["villages"], 1)
            ]
    return rows


def bodies() -> list[dict[str, Any]]:
    """The bodies and agencies of the demonstration as rows of a sheet, one for each responsibility."""
    rows: list[dict[str, Any]] = []
    for body in read_yaml("bodies.yaml"):
        row = {
            **body,
            "since": body.get("since", places_and_people.SINCE.isoformat()),
            "address": "江阴市示例路 100 号",
            "may_buy": "是" if body.get("may_buy") else "否",
            "may_supply": "是" if body.get("may_supply") else "否",
        }
        if "earlier" in body:
            row["earlier_until"] = date(2019, 2, 28)
        for number, duty in enumerate(body["responsibilities"]):
            rows.append(
                {
                    **(row if number == 0 else {"code": body["code"], "name": body["name"]}),
                    "duty": duty["text"],
                    "need_kind": str(NeedKind(duty["need_kind"]).label) if duty["need_kind"] else "",
                    "basis": places_and_people.OPINION,
                    "duty_until": duty.get("until"),
                }
            )
    rows.append({"code": "pinggu", "name": "江阴公信社会服务评估中心", "kind": "评估机构"})
    rows.append({"code": "shenji", "name": "江阴市审计局", "kind": "责任部门"})
    return rows


def windows() -> list[dict[str, Any]]:
    """The windows of the demonstration as rows of a sheet."""
    return [
        {
            "town": town.name,
            "name": f"{town.name}社会救助窗口",
            "address": f"{town.name}便民服务中心",
            "phone": f"0510-8620{town.code[-4:]}",
            "hours": hours.brief(places_and_people.WEEK),
        }
        for town in Place.objects.towns()
    ]


def city() -> dict[str, list[tuple]]:
    """Everything of the city that is there, without keys and times."""
    place = ("code", "name", "name_en", "kind", "parent__code", "zone__code", "status")
    body = ("code", "kind", "name", "name_en", "credit_code", "place__code", "phone", "address")
    more = ("may_buy", "may_supply", "status")
    duty = ("organization__code", "need_kind", "text", "basis", "valid_from", "valid_to", "status")
    positions = Place.objects.values_list("code", "latitude", "longitude")
    return {
        "places": sorted(Place.objects.values_list(*place), key=str),
        "positions": sorted((code, round(north, 6), round(east, 6)) for code, north, east in positions),
        "bodies": sorted(Organization.objects.values_list(*body, *more), key=str),
        "hours": sorted(Organization.objects.values_list("code", "hours"), key=str),
        "names": sorted(
            OrganizationName.objects.values_list("organization__code", "name", "valid_from", "valid_to"),
            key=str,
        ),
        "duties": sorted(Responsibility.objects.values_list(*duty), key=str),
    }


def test_the_demonstrations_city_enters_by_file_as_the_starter_makes_it():
    here = transaction.savepoint()
    places_and_people.places()
    places_and_people.bodies()
    meant = city()
    transaction.savepoint_rollback(here)
    assert not Place.objects.exists()
    admin = Membership.objects.create(
        user=User.objects.create(username="first", full_name="管理员"), role=Role.ADMINISTRATOR
    ).actor()
    for kind, rows in (("places", places), ("bodies", bodies), ("windows", windows)):
        form = sheets.form(kind, sheets.xlsx(kind, rows()), admin)
        assert form.is_valid(), form.errors
        entering.confirm(entering.upload(by=admin, **form.given()), by=admin)
    found = city()
    for name, rows in meant.items():
        assert found[name] == rows, name
    assert len(found["places"]) > 50
