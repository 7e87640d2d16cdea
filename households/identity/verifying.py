"""Comparing what somebody said of a household with what is registered and with the document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.cn import ric

from foundation.forms.typed import compared
from foundation.journal import sentences, writing
from foundation.personal_data import revealing
from foundation.personal_data.fields import Secret
from foundation.refusals import Invalid, NotYours, TooOften
from foundation.roles import Actor
from foundation.wording import listed, said_together
from foundation.work_items import settling
from households.register import accounts, phones, registration
from households.register.models import Household, Person
from households.register.states import HOUSEHOLD


class Decision(models.TextChoices):
    """What holds where the registered and the new value differ."""

    KEEP = "keep", gettext_lazy("保留原来的")
    TAKE = "take", gettext_lazy("改用现在说的")


@dataclass(frozen=True)
class Told:
    """What is said of a household now; "" where nothing was said."""

    name: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True)
class Decided:
    """The window's decisions field by field; ``rest`` holds for fields without one of their own."""

    rest: str = ""
    name: str = ""
    phone: str = ""
    address: str = ""

    def decision_on(self, field: str) -> str:
        """The decision on a field; "" if there is none."""
        given = getattr(self, field) or self.rest
        return given if given in Decision.values else ""


#: The reason under which both values are revealed to whoever decides.
WHY = gettext_lazy("受理核对")


#: What is written into the journal here.
RENAME = sentences.act("rename", gettext_lazy("%(who)s按证件改了姓名"))


def differing(household: Household, person: Person | None, told: Told) -> list[str]:
    """The fields whose registered value differs from what is said now."""
    registered = {
        "name": person.name if person is not None else None,
        "phone": household.phone,
        "address": household.address,
    }
    return [
        field
        for field, value in registered.items()
        if (field != "name" or person is not None) and _differ(value, getattr(told, field))
    ]


def _differ(registered: Secret | None, said: str) -> bool:
    """Whether something is said and differs from the registered value."""
    return bool(said) and compared(registered.plain() if registered else "") != compared(said)


def decide(
    household: Household,
    person: Person | None,
    told: Told,
    *,
    by: Actor,
    decided: Decided,
    number_differs: bool = False,
) -> list[str]:
    """The fields in which the new value is to be taken, as the window decided. Changes nothing yet.

    ``number_differs`` says that the document has another number than was said. Raises ``Invalid`` at
    ``differences`` and at each open field, with both values, where a difference is not decided; that
    the values were read is written into the journal.
    """
    found = differing(household, person, told)
    undecided = [field for field in found if not decided.decision_on(field)]
    number = number_differs and decided.rest not in Decision.values
    if undecided or number:
        _ask_for_decisions(household, person, told, undecided, by, number_differs)
    return [field for field in found if decided.decision_on(field) == Decision.TAKE]


def _ask_for_decisions(
    household: Household,
    person: Person | None,
    told: Told,
    undecided: list[str],
    by: Actor,
    number_differs: bool,
) -> NoReturn:
    """Raise ``Invalid`` with the undecided differences in words."""
    lines = {}
    for field in undecided:
        owner = person if field == "name" and person is not None else household
        lines[field] = _line(household, owner, field, getattr(told, field), by)
    words = [*lines.values(), *([_("证件号：申请里写的与证件不同")] if number_differs else [])]
    message = said_together(_("请与来人核对后逐项选择。"), "；".join(words))
    fields = {f"difference_{field}": line for field, line in lines.items()}
    raise Invalid(message, fields={"differences": message, **fields}, rule="S22", leaves_trace=True)


def _line(household: Household, owner: Household | Person, field: str, said: str, by: Actor) -> str:
    """One difference in words.

    Both values are plain for whoever may reveal them, which is written down; else masked, with the
    positions in which they differ.
    """
    label = {"name": _("姓名"), "phone": _("电话"), "address": _("住址")}[field]
    kept, now = getattr(owner, field), Secret(field, "", plain=said)
    if not kept:
        old, new, where = _("没有"), said, ""
    else:
        try:
            with transaction.atomic():
                old = revealing.reveal(owner, field, by=by, reason=str(WHY))
            new, where = said, ""
        except (NotYours, TooOften):
            old, new, where = str(kept), str(now), _positions(kept.plain(), said)
    template = _("%(label)s：登记为 %(old)s，现在说的是 %(new)s")
    if not household.verified:
        template = _("%(label)s：原来填写的是 %(old)s，现在说的是 %(new)s")
    words = template % {"label": label, "old": old, "new": new} + where
    if field == "phone" and kept and household.verified:
        words += _(
            "（改用新电话会短信通知原号；保留原号的，原号的人能看到这次求助。此人要与家里分开的，请先登记离开）"
        )
    return words


def _positions(old: str, new: str) -> str:
    """The positions in which two values differ, without showing any character."""
    if len(old) != len(new):
        return _("（字数不同：%(old)s 个和 %(new)s 个）") % {"old": len(old), "new": len(new)}
    places = [str(n) for n, (a, b) in enumerate(zip(old, new, strict=True), 1) if a != b]
    return _("（第 %(places)s 个字不同）") % {"places": listed(places)}


def settle(household: Household, person: Person | None, told: Told, *, by: Actor, taken: list[str]) -> None:
    """Take over the new values of the fields that ``decide`` returned."""
    if taken:
        _take_over(household, person, told, set(taken), by)


def _take_over(household: Household, person: Person | None, told: Told, fields: set[str], by: Actor) -> None:
    """Change the fields and write the changes into the journal."""
    settling.touch(*household.beside())
    if person is not None and "name" in fields:
        before = writing.picture(person)
        person.name = told.name
        person.save(update_fields=["name"])
        writing.write(person._meta.label, person, RENAME, by, before=before, after=writing.picture(person))
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
            HOUSEHOLD.get_transition("update").name,
            by,
            before=before,
            after=writing.picture(household),
            basis="S6",
        )


@HOUSEHOLD.transition("verify")
def verify(household: Household, *, by: Actor, person: Person, id_number: str) -> None:
    """Mark the household as verified: the window has seen the document.

    ``person`` is whom the number belongs to: the head, or somebody known who counts in no household.
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
    """Close the record of a household that turned out to be known already, with its accounts."""
    registration.end_memberships(household)
    accounts.end(household, by=by)
