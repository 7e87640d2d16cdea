"""What somebody told of a household against the books and the document: the window decides."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.cn import ric

from foundation.journal import writing
from foundation.personal_data.fields import Secret
from foundation.refusals import Invalid
from foundation.roles import Actor
from foundation.typed import compared
from households import accounts, phones, registration
from households.lifecycle import HOUSEHOLD
from households.models import Household, Person


class Decision(models.TextChoices):
    """What holds where the books and what was told differ."""

    KEEP = "keep", gettext_lazy("以登记的为准")
    TAKE = "take", gettext_lazy("改用现在说的")


@dataclass(frozen=True)
class Told:
    """What is said of a household now; empty where nothing was said."""

    name: str = ""
    phone: str = ""
    address: str = ""


def differences(household: Household, person: Person | None, told: Told) -> dict[str, str]:
    """Where the books say something else, in words with both sides masked, by field."""
    found: dict[str, str] = {}
    if person is not None and _differ(person.name, told.name):
        found["name"] = _("姓名:登记为 %(old)s,现在是 %(new)s") % {
            "old": person.name,
            "new": Secret("name", "", plain=told.name),
        }
    if _differ(household.phone, told.phone):
        found["phone"] = _("电话:登记为 %(old)s,现在是 %(new)s") % {
            "old": household.phone or _("无"),
            "new": Secret("phone", "", plain=told.phone),
        }
    if _differ(household.address, told.address):
        found["address"] = _("住址:与登记的不同") if household.address else _("住址:原来没有登记")
    return found


def _differ(kept: Secret | None, told: str) -> bool:
    return bool(told) and compared(kept.plain() if kept else "") != compared(told)


def settle(
    household: Household,
    person: Person | None,
    told: Told,
    *,
    by: Actor,
    decision: str,
    number_differs: bool = False,
) -> None:
    """Take over or leave what differs from the books, as the window has decided.

    ``number_differs`` says that another number was told than the document bears. Raises
    ``Invalid`` at ``differences``, with both sides, where there is a difference and no
    decision.
    """
    found = differences(household, person, told)
    if not found and not number_differs:
        return
    if decision not in Decision.values:
        lines = [*found.values(), *([_("证件号:申请里写的与证件不同")] if number_differs else [])]
        message = _("请与来人核对后选择以哪边为准。") + ";".join(lines)
        raise Invalid(message, fields={"differences": message}, rule="S22")
    if decision == Decision.TAKE:
        _take_over(household, person, told, set(found), by)


def _take_over(
    household: Household, person: Person | None, told: Told, fields: set[str], by: Actor
) -> None:
    if person is not None and "name" in fields:
        before = writing.picture(person)
        person.name = told.name
        person.save(update_fields=["name"])
        writing.write(
            person._meta.label, person, "rename", by, before=before, after=writing.picture(person)
        )
    if fields & {"phone", "address"}:
        before = writing.picture(household)
        if "phone" in fields:
            phones.change(household, told.phone)
        if "address" in fields:
            household.address = told.address
        household.save()
        writing.write(
            HOUSEHOLD.label, household, "update", by,
            before=before, after=writing.picture(household), basis="S6",
        )  # fmt: skip


@HOUSEHOLD.move("verify")
def verify(household: Household, *, by: Actor, person: Person, id_number: str) -> None:
    """The window has seen the document: the household is one of the books from now on.

    ``person`` is whom the number belongs to: its head, or somebody known who counts nowhere.
    """
    if person.id_number is None:
        person.id_number, person.claimed_number = id_number, None
        person.birth_date = ric.get_birth_date(id_number)
        person.sex = registration.sex_of(id_number)
        person.save()
    household.members.filter(valid_to=None).update(person=person)
    household.verified = True


@HOUSEHOLD.move("merge")
def merge(household: Household, *, by: Actor) -> None:
    """What was told belongs to a household that the city knows; its own record ends, and with
    it every account that was opened for it.
    """
    registration.end_memberships(household)
    accounts.end(household, by=by)
