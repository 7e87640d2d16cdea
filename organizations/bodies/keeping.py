"""Establishing and changing bodies, windows, committees and agencies, by the city's administrator."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import F
from django.utils.translation import gettext as _

from foundation import moments
from foundation.advisory_locks import take_lock
from foundation.refusals import Invalid
from foundation.roles import Actor
from foundation.wording import day as day_in_words
from foundation.work_items import rebuilding
from organizations.bodies import alike, codes
from organizations.bodies.hours import Hours
from organizations.bodies.models import (
    ENTERED,
    ONE_AT_A_PLACE,
    Organization,
    OrganizationKind,
    OrganizationName,
)
from organizations.bodies.states import BASIS, ORGANIZATION
from organizations.places.models import TOWNS, Place, PlaceKind
from organizations.places.states import ALONE

#: The kinds of place at which a kind of organization is.
PLACES = {
    OrganizationKind.WINDOW: TOWNS,
    OrganizationKind.COMMITTEE: (PlaceKind.VILLAGE,),
    OrganizationKind.BODY: (PlaceKind.CITY, PlaceKind.ZONE, *TOWNS),
    OrganizationKind.EVALUATOR: (PlaceKind.CITY, PlaceKind.ZONE, *TOWNS),
}

#: The clause of who is a buyer, a provider, or neither.
BUYS_OR_SUPPLIES = "102号令第八条"


@ORGANIZATION.start("establish")
def establish(
    *,
    by: Actor,
    kind: str,
    name: str,
    name_en: str = "",
    place: Place | None = None,
    since: date | None = None,
    credit_code: str = "",
    phone: str = "",
    address: str = "",
    hours: Hours | None = None,
    may_buy: bool = False,
    may_supply: bool = False,
) -> Organization:
    """Enter a body, a window, a committee or an agency; ``since`` is the day from which it is called so, if known.

    A body and an agency without a place are the city's. Raises ``Invalid`` for a place that does not fit, for a second
    window of a town or committee of a village, for a name or a credit code that another one has, and for one that both
    buys and supplies.
    """
    take_lock("alone", ALONE)
    if kind not in ENTERED:
        _refuse({"kind": _("承接主体由民政准入，不在这里录入。")})
    if place is None and kind not in ONE_AT_A_PLACE:
        place = Place.objects.city()
    faults = faults_of_place(kind, place) | faults_of_money(may_buy=may_buy, may_supply=may_supply)
    if "place" not in faults and kind in ONE_AT_A_PLACE:
        other = Organization.objects.in_use().filter(kind=kind, place=place).first()
        if other is not None:
            faults["place"] = _("“%(place)s”已有“%(name)s”。") % {"place": place, "name": other}
    if (same := alike.called(name, kind=kind)) is not None:
        faults["name"] = _("已有叫“%(name)s”的机构。") % {"name": same.name}
    _refuse(faults | _taken(credit_code))
    made = Organization.objects.create(
        kind=kind,
        code=next(codes.new(kind, place)),
        name=name,
        name_en=name_en,
        place=place,
        credit_code=credit_code or None,
        phone=phone,
        address=address,
        hours=hours or {},
        may_buy=may_buy,
        may_supply=may_supply,
    )
    made.names.create(name=name, valid_from=since)
    return made


def faults_of_place(kind: str, place: Place | None) -> dict[str, str]:
    """What is wrong with the place of an organization of that kind, by field."""
    if kind == OrganizationKind.WINDOW and (place is None or place.kind not in TOWNS):
        return {"place": _("窗口要写明属于哪个镇或街道。")}
    if kind == OrganizationKind.COMMITTEE and (place is None or place.kind != PlaceKind.VILLAGE):
        return {"place": _("村（居）委会要写明是哪个村（社区）的。")}
    if place is not None and place.kind not in PLACES[OrganizationKind(kind)]:
        return {"place": _("部门和评估机构设在市、开发区、镇或街道。")}
    if place is not None and place.closed:
        return {"place": _("“%(name)s”已停用。") % {"name": place}}
    return {}


def faults_of_money(*, may_buy: bool, may_supply: bool) -> dict[str, str]:
    """What is wrong with one that would be on both sides of a contract, by field."""
    if may_buy and may_supply:
        return {"may_supply": _("购买主体不能同时是承接主体。")}
    return {}


def _taken(credit_code: str, *, but: Organization | None = None) -> dict[str, str]:
    """What is wrong with a credit code that another organization has, by field; nobody else gives it meanwhile."""
    if credit_code:
        hold_code(credit_code)
    having = (
        Organization.objects.filter(credit_code=credit_code) if credit_code else Organization.objects.none()
    )
    other = having.exclude(pk=but.pk).first() if but else having.first()
    if other is None:
        return {}
    return {"credit_code": _("这个统一社会信用代码已登记为“%(name)s”。") % {"name": other.name}}


def hold_code(credit_code: str) -> None:
    """Let nobody else give the credit code to an organization until the transaction ends."""
    take_lock("credit-code", credit_code)


def _refuse(faults: dict[str, str]) -> None:
    """Raise ``Invalid`` at the fields that are wrong."""
    if faults:
        rule = BUYS_OR_SUPPLIES if set(faults) == {"may_supply"} else BASIS
        raise Invalid(next(iter(faults.values())), fields=dict(faults), rule=rule)


@ORGANIZATION.transition("change")
def change(
    organization: Organization,
    *,
    by: Actor,
    name_en: str = "",
    credit_code: str = "",
    phone: str = "",
    address: str = "",
    hours: Hours | None = None,
    may_buy: bool = False,
    may_supply: bool = False,
) -> None:
    """Change how an organization is reached, when it is open, and on which side of a contract it may be.

    Raises ``Invalid`` for a credit code that another one has, and for one that would both buy and supply.
    """
    faults = faults_of_money(may_buy=may_buy, may_supply=may_supply)
    _refuse(faults | _taken(credit_code, but=organization))
    organization.name_en, organization.credit_code = name_en, credit_code or None
    organization.phone, organization.address = phone, address
    organization.hours = dict(hours or {})
    organization.may_buy, organization.may_supply = may_buy, may_supply


@ORGANIZATION.transition("rename")
def rename(organization: Organization, *, by: Actor, name: str, valid_from: date) -> None:
    """Give an organization a new name from a day on; the old one stays for its days.

    One that begins later is taken up by the night's work (``follow_the_day``); until then it is put right by another
    name or day, and taken back by the present name. Raises ``Invalid`` for the same name where none is to begin, one
    that another has, and a day on or before the last name that has begun.
    """
    faults: dict[str, str] = {}
    to_begin = organization.names.filter(valid_from__gt=moments.today())
    last = organization.names.exclude(pk__in=to_begin.values("pk")).last()
    taken_back = name == organization.name and to_begin.exists()
    if name == (last.name if last else organization.name) and not taken_back:
        faults["name"] = _("和现在的名称一样。")
    if (same := alike.called(name, kind=organization.kind, but=organization)) is not None:
        faults["name"] = _("已有叫“%(name)s”的机构。") % {"name": same.name}
    if not taken_back and last is not None and last.valid_from is not None and valid_from <= last.valid_from:
        faults["valid_from"] = _("“%(name)s”从 %(day)s 起，新的名称要晚于这一天。") % {
            "name": last.name,
            "day": day_in_words(last.valid_from),
        }
    _refuse(faults)
    to_begin.delete()
    if last is not None:
        last.valid_to = None
        last.save()
    if taken_back:
        organization.done_otherwise = ORGANIZATION.otherwise("rename")
    else:
        take_name(organization, name, valid_from)


def take_name(organization: Organization, name: str, valid_from: date) -> None:
    """Let a name count from a day on, and the one before it until the day before; one that begins later stays, and a
    second name of the same day takes the place of the first. The caller keeps the organization.
    """
    of_the_day = organization.names.on(valid_from).last()
    if of_the_day is not None and of_the_day.valid_from == valid_from:
        of_the_day.name = name
        of_the_day.save()
    else:
        earlier = of_the_day or OrganizationName(organization=organization, name=organization.name)
        new = OrganizationName(
            organization=organization, name=name, valid_from=valid_from, valid_to=earlier.valid_to
        )
        earlier.valid_to = valid_from - timedelta(days=1)
        earlier.save()
        new.save()
    if valid_from <= moments.today():
        organization.name = name
        rebuilding.after_a_renaming()


def correct_name(organization: Organization, name: str) -> None:
    """Call an organization by another name from today on: one that had others keeps them with their days, of one that
    never had another it is the name that it was entered under by mistake. The caller keeps the organization.
    """
    if name == organization.name:
        return
    if organization.names.exists():
        take_name(organization, name, moments.today())
    else:
        organization.name = name
        rebuilding.after_a_renaming()


@ORGANIZATION.transition("release")
def release(organization: Organization, *, by: Actor) -> None:
    """Close an organization whose registration has ended, and leave its credit code to whoever registers anew."""
    organization.credit_code = None


def follow_the_day() -> int:
    """Every night: call the organizations by the names that begin today; returns how many there are."""
    present = OrganizationName.objects.on(moments.today())
    renamed = list(present.exclude(name=F("organization__name")).values_list("organization", "name"))
    for pk, name in renamed:
        Organization.objects.filter(pk=pk).update(name=name)
    if renamed:
        rebuilding.after_a_renaming()
    return len(renamed)
