"""What somebody told of a household against the books and the document: the window decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.cn import ric

from foundation.forms.typed import compared
from foundation.journal import writing
from foundation.personal_data import revealing
from foundation.personal_data.fields import Secret
from foundation.refusals import Invalid, NotYours, TooOften
from foundation.roles import Actor
from households.register import accounts, phones, registration
from households.register.models import Household, Person
from households.register.states import HOUSEHOLD


class Decision(models.TextChoices):
    """What holds where what is kept and what is said now differ."""

    KEEP = "keep", gettext_lazy("保留原来的")
    TAKE = "take", gettext_lazy("改用现在说的")


@dataclass(frozen=True)
class Told:
    """What is said of a household now; empty where nothing was said."""

    name: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True)
class Decided:
    """Which holds, field by field; ``rest`` for whatever is not decided by itself."""

    rest: str = ""
    name: str = ""
    phone: str = ""
    address: str = ""

    def of(self, field: str) -> str:
        """The decision on a field; empty where there is none."""
        given = getattr(self, field) or self.rest
        return given if given in Decision.values else ""


#: The reason under which both sides are shown to whoever decides.
WHY = gettext_lazy("受理核对")


def differing(household: Household, person: Person | None, told: Told) -> list[str]:
    """The fields in which something else is kept than is said now."""
    kept = {
        "name": person.name if person is not None else None,
        "phone": household.phone,
        "address": household.address,
    }
    return [
        field
        for field, value in kept.items()
        if (field != "name" or person is not None) and _differ(value, getattr(told, field))
    ]


def _differ(kept: Secret | None, told: str) -> bool:
    return bool(told) and compared(kept.plain() if kept else "") != compared(told)


def decide(
    household: Household,
    person: Person | None,
    told: Told,
    *,
    by: Actor,
    decided: Decided,
    number_differs: bool = False,
) -> list[str]:
    """The fields to be taken over, as the window has decided. Nothing is changed yet.

    ``number_differs`` says that another number was told than the document bears. Raises
    ``Invalid`` at ``differences`` and at each open field, with both sides, where something
    differs and is not decided; that both sides were read is kept in the journal.
    """
    found = differing(household, person, told)
    undecided = [field for field in found if not decided.of(field)]
    number = number_differs and decided.rest not in Decision.values
    if undecided or number:
        _ask(household, person, told, undecided, by, number_differs)
    return [field for field in found if decided.of(field) == Decision.TAKE]


def _ask(
    household: Household,
    person: Person | None,
    told: Told,
    undecided: list[str],
    by: Actor,
    number_differs: bool,
) -> NoReturn:
    lines = {}
    for field in undecided:
        owner = person if field == "name" and person is not None else household
        lines[field] = _line(household, owner, field, getattr(told, field), by)
    words = [*lines.values(), *([_("证件号：申请里写的与证件不同")] if number_differs else [])]
    message = _("请与来人核对后逐项选择。") + "；".join(words)
    fields = {f"difference_{field}": line for field, line in lines.items()}
    raise Invalid(message, fields={"differences": message, **fields}, rule="S22", leaves_trace=True)


def _line(household: Household, owner: Household | Person, field: str, said: str, by: Actor) -> str:
    """One difference in words: both sides whole for whoever may read them, which is written
    down; else masked, with the places where they differ.
    """
    label = {"name": _("姓名"), "phone": _("电话"), "address": _("住址")}[field]
    kept, now = getattr(owner, field), Secret(field, "", plain=said)
    if not kept:
        old, new, where = _("没有"), said, ""
    else:
        try:
            old, new, where = revealing.reveal(owner, field, by=by, reason=str(WHY)), said, ""
        except (NotYours, TooOften):
            old, new, where = str(kept), str(now), _where(kept.plain(), said)
    told = _("%(label)s：登记为 %(old)s，现在说的是 %(new)s")
    if not household.verified:
        told = _("%(label)s：原来填写的是 %(old)s，现在说的是 %(new)s")
    words = told % {"label": label, "old": old, "new": new} + where
    if field == "phone" and kept and household.verified:
        words += _(
            "（改用新电话会短信通知原号；保留原号的，原号的人能看到这次求助。此人要与家里分开的，请先登记离开）"
        )
    return words


def _where(old: str, new: str) -> str:
    """In which places two values differ, without a word of either."""
    if len(old) != len(new):
        return _("（字数不同：%(old)s 个和 %(new)s 个）") % {"old": len(old), "new": len(new)}
    places = [str(n) for n, (a, b) in enumerate(zip(old, new, strict=True), 1) if a != b]
    return _("（第 %(places)s 个字不同）") % {"places": "、".join(places)}


def settle(household: Household, person: Person | None, told: Told, *, by: Actor, taken: list[str]) -> None:
    """Take over what was decided so (``decide``)."""
    if taken:
        _take_over(household, person, told, set(taken), by)


def _take_over(household: Household, person: Person | None, told: Told, fields: set[str], by: Actor) -> None:
    if person is not None and "name" in fields:
        before = writing.picture(person)
        person.name = told.name
        person.save(update_fields=["name"])
        writing.write(person._meta.label, person, "rename", by, before=before, after=writing.picture(person))
    if fields & {"phone", "address"}:
        before = writing.picture(household)
        if "phone" in fields:
            phones.change(household, told.phone)
        if "address" in fields:
            household.address = told.address
        household.save()
        writing.write(
            HOUSEHOLD.label,
            household,
            "update",
            by,
            before=before,
            after=writing.picture(household),
            basis="S6",
        )


@HOUSEHOLD.transition("verify")
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


@HOUSEHOLD.transition("merge")
def merge(household: Household, *, by: Actor) -> None:
    """What was told belongs to a household that the city knows; its own record ends, and with
    it every account that was opened for it.
    """
    registration.end_memberships(household)
    accounts.end(household, by=by)
