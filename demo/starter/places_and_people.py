"""Places, bodies, windows and people: what everything else needs."""

from __future__ import annotations

from datetime import date
from typing import Any

from demo.accounts import accounts
from demo.starter.days import at, first_day
from demo.starter.files import read_yaml
from foundation import moments
from foundation.city import setting_up
from foundation.city.models import City
from foundation.roles import SYSTEM, Actor, Role
from foundation.rules import changing
from foundation.rules.models import RuleVersion
from foundation.work_items import settling
from households.register.models import Household, HouseholdAccount
from organizations.bodies import committees, hours
from organizations.bodies.models import Organization, OrganizationKind, OrganizationName
from organizations.people.models import Membership, User
from organizations.places.models import Place, PlaceKind
from organizations.responsibilities.models import Responsibility
from organizations.signing_in import gate

SINCE = date(2018, 12, 11)


OPINION = "澄政发〔2018〕121号"


#: When the windows are open.
WEEK = hours.read("周一至周五 8:30-11:30 13:30-17:00")


def city() -> int:
    """Make the city of the demonstration, at work, with its opinion; returns how many are new."""
    if City.objects.exists():
        return 0
    data, opinion = read_yaml("city.yaml"), read_yaml("opinion.yaml")
    made = setting_up.demonstrate(by=SYSTEM)
    administrator = Actor(role=Role.ADMINISTRATOR, name=data.pop("set_up_by"))
    setting_up.describe(made, by=administrator, **data)
    setting_up.name_document(
        made,
        by=administrator,
        title=opinion["title"],
        short_name="实施意见",
        short_name_en="Opinion",
        number=opinion["document_number"],
        issuer=opinion["issuer"],
        issued_on=opinion["issued_on"],
        parts=opinion["parts"],
    )
    return 1


def places() -> int:
    """Make city, zones, towns, streets and villages; returns how many are new."""
    data, made = read_yaml("places.yaml"), 0

    def put(row: dict, kind: str, parent: Place | None = None, zone: Place | None = None) -> Place:
        nonlocal made
        if Place.objects.filter(code=row["code"]).exists():
            return _there(code=row["code"])
        made += 1
        return Place.objects.create(
            code=row["code"],
            name=row["name"],
            name_en=row.get("name_en", ""),
            kind=kind,
            parent=parent,
            zone=zone,
            latitude=row["latitude"],
            longitude=row["longitude"],
        )

    city = put(data["city"], PlaceKind.CITY)
    zones = {row["code"]: put(row, PlaceKind.ZONE, city) for row in data["zones"]}
    for kind, rows in ((PlaceKind.TOWN, data["towns"]), (PlaceKind.STREET, data["streets"])):
        for row in rows:
            town = put(row, kind, city, zones.get(row.get("zone")))
            for number, name in enumerate(row["villages"], 1):
                village = {
                    "code": f"{row['code']}{number:02d}",
                    "name": name,
                    "latitude": row["latitude"] + number * 0.004,
                    "longitude": row["longitude"] - number * 0.004,
                }
                _committee(put(village, PlaceKind.VILLAGE, town))
    return made


def _there(**named: str) -> Place:
    """The place of that code or name that is in use, else the one that somebody has closed."""
    found = Place.objects.filter(**named)
    return found.filter(pk__in=Place.objects.in_use()).first() or found.latest("pk")


def _committee(village: Place) -> None:
    """Make the committee of a village, for which its assistants hold their role."""
    committee = committees.of(village)
    if not Organization.objects.filter(code=committee.code).exists():
        committee.save()
        committee.names.create(name=committee.name)


def bodies() -> int:
    """Make responsible bodies with dated names and responsibilities, windows, committees and agencies;
    returns how many are new.
    """
    made = 0
    city = Place.objects.city()
    for row in read_yaml("bodies.yaml"):
        since = date.fromisoformat(row.get("since", SINCE.isoformat()))
        body, new = Organization.objects.get_or_create(
            code=row["code"],
            defaults={
                "kind": OrganizationKind.BODY,
                "name": row["name"],
                "name_en": row["name_en"],
                "credit_code": row.get("credit_code"),
                "phone": row["phone"],
                "place": city,
                "address": "江阴市示例路 100 号",
                "may_buy": row.get("may_buy", False),
                "may_supply": row.get("may_supply", False),
            },
        )
        if not new:
            continue
        made += 1
        if "earlier" in row:
            changed = date(2019, 3, 1)
            body.names.create(name=row["earlier"], valid_from=since, valid_to=date(2019, 2, 28))
            since_name = changed
        else:
            since_name = since
        OrganizationName.objects.create(organization=body, name=row["name"], valid_from=since_name)
        Responsibility.objects.bulk_create(
            Responsibility(
                organization=body,
                need_kind=given["need_kind"],
                text=given["text"],
                basis=OPINION,
                valid_from=since,
                valid_to=date.fromisoformat(given["until"]) if "until" in given else None,
            )
            for given in row["responsibilities"]
        )
    extra = {
        "pinggu": ("江阴公信社会服务评估中心", OrganizationKind.EVALUATOR),
        "shenji": ("江阴市审计局", OrganizationKind.BODY),
    }
    for code, (name, kind) in extra.items():
        made += _named(code, kind=kind, name=name, place=city)
    for town in Place.objects.towns():
        made += _named(
            f"window-{town.code}",
            kind=OrganizationKind.WINDOW,
            name=f"{town.name}社会救助窗口",
            place=town,
            phone=f"0510-8620{town.code[-4:]}",
            address=f"{town.name}便民服务中心",
            hours=WEEK,
        )
    return made


def _named(code: str, **given: Any) -> bool:
    """Make an organization with its name, which was always so; returns whether it is new."""
    organization, new = Organization.objects.get_or_create(code=code, defaults=given)
    if new:
        organization.names.create(name=organization.name)
    return new


def people(password: str) -> int:
    """Make demo accounts, one or more a role; a new one gets ``password``. Returns how many are new."""
    made = 0
    for row in accounts():
        organization, place = _seat(row)
        if "provider" in row and organization is None:
            continue  # its provider is registered later, by the people made now
        user, new = User.objects.get_or_create(
            username=row["username"],
            defaults={"full_name": row["full_name"], "private": row["role"] == Role.HOUSEHOLD},
        )
        if new:
            user.set_password(password)
            user.save()
            made += 1
        if row["role"] != Role.HOUSEHOLD:
            Membership.objects.get_or_create(
                user=user,
                role=row["role"],
                organization=organization,
                place=place,
                defaults={"valid_from": SINCE},
            )
    return made


def by_password_alone() -> int:
    """Let everybody sign in by password alone, whose password is published anyway; returns how many rules changed.

    A city without the demonstration has the default, by which the staff needs a second factor.
    """
    if RuleVersion.objects.filter(key=gate.FACTOR).exists():
        return 0
    with moments.as_of(at(first_day())):
        version = changing.propose(
            by=actor("minzheng"),
            rule=gate.FACTOR,
            value={"roles": []},
            note="演示账号的密码是公开的，不设第二步验证。",
        )
        changing.approve(version, by=actor("minzheng2"))
    return 1


def household_account(username: str, household: Household) -> None:
    """Let a demo account see the case of one household."""
    user = User.objects.get(username=username)
    HouseholdAccount.objects.get_or_create(user=user, defaults={"household": household})
    Membership.objects.get_or_create(user=user, role=Role.HOUSEHOLD, defaults={"valid_from": SINCE})
    settling.touch(*household.beside())


def _seat(row: dict) -> tuple[Organization | None, Place | None]:
    if "window" in row:
        town = _there(name=row["window"])
        return Organization.objects.get(code=f"window-{town.code}"), town
    if "village" in row:
        place = _there(name=row["village"])
        return Organization.objects.get(code=f"village-{place.code}"), place
    if "provider" in row:
        return Organization.objects.filter(credit_code=row["provider"]).first(), None
    return Organization.objects.filter(code=row.get("organization", "")).first(), None


def actor(username: str) -> Actor:
    """A demo user as the actor of the first membership."""
    membership = Membership.objects.select_related("user", "organization", "place").filter(
        user__username=username
    )[0]
    return membership.actor()


def coordinator_of(organization: Organization) -> Actor:
    """The demo coordinator of a provider as an actor."""
    membership = Membership.objects.select_related("user", "organization", "place").filter(
        role=Role.COORDINATOR, organization=organization
    )[0]
    return membership.actor()
