"""From the knock to the acceptance slip."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from foundation import numbering
from foundation.refusals import Invalid
from foundation.roles import Actor
from households import registration
from households.models import Household
from organizations.models import Organization, Place
from organizations.models.organization import OrganizationKind
from referrals import triage
from referrals.lifecycle import MATTER, MatterStatus
from referrals.models import Matter
from referrals.models.matter import Channel


@MATTER.start("accept_application")
def accept_application(
    *,
    by: Actor,
    id_number: str,
    needs: list[str],
    name: str = "",
    place: Place | None = None,
    category: str = "",
    size: int | None = None,
    monthly_income: Decimal | None = None,
    phone: str = "",
    address: str = "",
    story: str = "",
    urgent: bool = False,
    channel: str = Channel.WINDOW,
    consent: bool = False,
) -> Matter:
    """Accept an application at the window and register each need.

    A household that the city knows is found by the identity number; then only
    needs and story matter. Raises ``Invalid`` where a new household lacks data or
    lives in another town (S3: the place of residence is in charge).
    """
    household = _household(
        by,
        name=name,
        id_number=id_number,
        place=place,
        category=category,
        size=size,
        monthly_income=monthly_income,
        phone=phone,
        address=address,
    )
    if household.town_id != by.place_id:
        message = _("这户家庭属于%(town)s,请由该窗口受理,或先办理移交。") % {"town": household.town}
        raise Invalid(message, fields={"place": message}, rule="S3")
    matter = _open(household, by, channel, story, urgent, MatterStatus.ACCEPTED)
    if consent:
        registration.give_consent(
            household,
            by=by,
            purpose=_("转介社会力量提供服务"),
            receiver=_("接受转介的机构"),
            scope=["contact_name", "contact_phone", "contact_address"],
            form="written",
        )
    for kind in dict.fromkeys(needs):
        triage.add(by=by, matter=matter, kind=kind, text=story[:300], urgent=urgent)
    return matter


@MATTER.start("report")
def report(
    *,
    by: Actor,
    name: str,
    id_number: str,
    category: str,
    size: int,
    story: str,
    phone: str = "",
    address: str = "",
    urgent: bool = False,
) -> Matter:
    """A village assistant or grid worker reports a household of the own village (S8, S9)."""
    place = Place.objects.get(pk=by.place_id)
    household = _household(
        by,
        name=name,
        id_number=id_number,
        place=place,
        category=category,
        size=size,
        monthly_income=None,
        phone=phone,
        address=address,
    )
    return _open(household, by, Channel.ASSISTANT, story, urgent, MatterStatus.REPORTED)


@MATTER.move("accept")
def accept(matter: Matter, *, by: Actor, needs: list[str]) -> None:
    """Accept what was reported, with its needs; the slip follows."""
    matter.first_asked_id, matter.first_asked_name = by.user_id or 0, by.name
    for kind in dict.fromkeys(needs):
        triage.add(by=by, matter=matter, kind=kind, text=matter.story[:300], urgent=matter.urgent)


@MATTER.move("ask_papers")
def ask_papers(matter: Matter, *, by: Actor, papers: str) -> None:
    """Tell everything that is missing at once, one time (S12)."""
    matter.papers_missing = papers


@MATTER.move("explain")
def explain(matter: Matter, *, by: Actor, reason: str) -> None:
    """Explain the policy where nothing can be accepted (S13)."""


@MATTER.move("close")
def close(matter: Matter, *, by: Actor) -> None:
    """Every need has its answer."""


def _household(by: Actor, **given: Any) -> Household:
    person = registration.person_by_number(given["id_number"])
    known = registration.household_of(person) if person else None
    if known is not None:
        return known
    required = {
        "name": _("请填写姓名。"),
        "place": _("请选择村(社区)。"),
        "category": _("请选择救助类别。"),
        "size": _("请填写家庭人口。"),
    }
    missing = {name: words for name, words in required.items() if not given[name]}
    if missing:
        raise Invalid(_("这是新家庭,请补齐基本情况。"), fields=missing, rule="S22")
    applicant = registration.Applicant(
        name=given["name"],
        id_number=given["id_number"],
        phone=given["phone"],
        address=given["address"],
    )
    household, _new = registration.find_or_register(
        applicant,
        by=by,
        place=given["place"],
        category=given["category"],
        size=given["size"],
        monthly_income=given["monthly_income"],
    )
    return household


def _open(
    household: Household, by: Actor, channel: str, story: str, urgent: bool, status: str
) -> Matter:
    window = Organization.objects.filter(
        kind=OrganizationKind.WINDOW, place_id=household.town_id
    ).first()
    if window is None:
        raise Invalid(_("%(town)s还没有设立受理窗口。") % {"town": household.town}, rule="S7")
    return Matter.objects.create(
        number=numbering.next_number("SL"),
        household=household,
        town_id=household.town_id,
        window=window,
        channel=channel,
        story=story,
        urgent=urgent,
        status=status,
        first_asked_id=by.user_id or 0,
        first_asked_name=by.name,
    )
