"""Reading the staff of an organization, or of the city, from a sheet; what is wrong is told row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from foundation import moments
from foundation.forms import phones, typed
from foundation.forms.fields import DayField
from foundation.forms.words import spellings
from foundation.roles import Actor, Role
from foundation.sheets.cells import Line
from foundation.sheets.faults import Fault, in_order
from foundation.sheets.notes import Note
from foundation.sheets.unpacked import Unreadable
from foundation.wording import listed
from organizations.bodies.models import Organization
from organizations.invitations import namesakes
from organizations.invitations.clashing import Expected
from organizations.invitations.models import Channel
from organizations.invitations.namesakes import Reached, Seat, invited_already
from organizations.invitations.shared import Owners
from organizations.people import giving, scopes
from organizations.places import codes
from organizations.places.models import Place
from organizations.places.seeking import full_name_of
from organizations.staff_lists.heads import HEADS

#: Rows that are read at most.
MOST = 5_000


@dataclass(frozen=True)
class Known:
    """What cells may name: roles that the uploader gives, organizations and places, each by how it is called; ``words``
    are those of the roles.
    """

    roles: Mapping[str, str]
    words: str
    organizations: Mapping[str, list[Organization]]
    places: Mapping[str, list[Place]]
    own: Organization | None


def known_to(actor: Actor) -> Known:
    """What the uploader may name; the administrator of an organization names roles of it alone."""
    given = giving.roles_given_by(actor)
    roles = spellings([(role.value, role.label) for role in given])
    words = words_of(given)
    if actor.role is Role.STAFF_MANAGER:
        return Known(roles, words, {}, {}, Organization.objects.get(pk=actor.organization))
    organizations: dict[str, list[Organization]] = {}
    for body in Organization.objects.in_use():
        for name in {typed.compared(body.name), typed.compared(body.code)}:
            organizations.setdefault(name, []).append(body)
    places: dict[str, list[Place]] = {}
    for place in Place.objects.in_use().select_related("parent"):
        for name in {typed.compared(full_name_of(place)), *codes.names_of(place)}:
            places.setdefault(name, []).append(place)
    return Known(roles, words, organizations, places, None)


def words_of(roles: Iterable[Role]) -> str:
    """How these roles are called in a sheet."""
    return listed(role.label for role in roles)


def read(file: Any, actor: Actor) -> tuple[list[dict[str, Any]], list[str], list[Note]]:
    """The people of an uploaded file, what is wrong row by row, and notes on what was not read; raises ``Unreadable``."""
    sheet, columns = HEADS.read(file)
    if len(sheet.lines) > MOST:
        raise Unreadable(_("一份名单最多 %(most)s 人，请分成几份。") % {"most": MOST})
    if not sheet.lines:
        raise Unreadable(_("文件里只有表头，没有人。"))
    known = known_to(actor)
    people, faults = [], []
    for line in sheet.lines:
        row, wrong = _row(line, columns, known)
        people.append(row)
        faults += [Fault(line.number, words) for words in wrong]
    faults += _invited_already(sheet.lines, people)
    faults += _held_already(sheet.lines, people)
    faults += _doubled(sheet.lines, people)
    faults += _of_another(sheet.lines, people)
    faults += _clashing(sheet.lines, people, actor)
    return people, in_order(faults), HEADS.notes_on(sheet)


def _row(line: Line, columns: Mapping[str, int], known: Known) -> tuple[dict[str, Any], list[str]]:
    """One person, and what is wrong with the row."""
    cells = {name: line.at(column) for name, column in columns.items()}
    faults = HEADS.faults_within(cells)
    if line.fault:
        faults.append(line.fault)
    text = {name: typed.line(cell.text) for name, cell in cells.items() if not cell.fault}
    row: dict[str, Any] = {"full_name": typed.name(text.get("name", "")), "email": text.get("email", "")}
    if "name" in text and not 0 < len(row["full_name"]) <= 40:
        faults.append(_("请写姓名，最多 40 个字。"))
    role = known.roles.get(typed.compared(text.get("role", "")), "")
    if "role" in text and not role:
        faults.append(
            _("身份“%(role)s”不在您能给的身份里，可以写：%(words)s。")
            % {"role": text.get("role", "")[:20], "words": known.words}
        )
    organization, place = known.own, None
    if known.own is None:
        organization, wrong = _one(text.get("organization", ""), known.organizations, _("机构"))
        faults += wrong
        place, wrong = _one(text.get("place", ""), known.places, _("地点"))
        faults += wrong
    else:
        faults += _elsewhere(text, known.own)
    if role and not faults:
        place = scopes.placed(role, organization, place)
        faults += scopes.faults_of(role, organization, place).values()
    row |= {"role": role, "organization": organization and organization.pk}
    row |= {"place": place and place.pk, **_reached(text, faults), **_days(text, faults)}
    return row, faults


def _elsewhere(text: Mapping[str, str], own: Organization) -> list[str]:
    """What a row of an organization's own list says of another organization, or of another place than its own."""
    faults = []
    body, place = text.get("organization", ""), text.get("place", "")
    if body and typed.compared(body) not in {typed.compared(own.name), typed.compared(own.code)}:
        faults.append(
            _("“%(text)s”不是本机构，这份名单只写“%(own)s”的人；机构一列可以空着。")
            % {"text": body[:30], "own": own}
        )
    here = {typed.compared(full_name_of(own.place)), *codes.names_of(own.place)} if own.place else set()
    if place and typed.compared(place) not in here:
        faults.append(
            _("“%(text)s”不是本机构所在地，本机构的身份都在所在地；地点一列可以空着。") % {"text": place[:30]}
        )
    return faults


def _one(text: str, among: Mapping[str, list[Any]], called: str) -> tuple[Any, list[str]]:
    """What a cell names, if it is one; None for an empty cell."""
    if not text:
        return None, []
    found = among.get(typed.compared(text), [])
    if len(found) == 1:
        return found[0], []
    words = (
        _("%(called)s“%(text)s”有几个，请写全名或代码。") if found else _("没有叫“%(text)s”的%(called)s。")
    )
    return None, [words % {"called": called, "text": text[:30]}]


def _reached(text: Mapping[str, str], faults: list[str]) -> dict[str, str]:
    """The telephone as it is stored, and how the person is reached: by mail, by text, or by letter."""
    phone, email = text.get("phone", ""), text.get("email", "")
    number = phones.normalized(phone) if phone else ""
    if phone and not number:
        faults.append(_("手机“%(phone)s”写法不对。") % {"phone": phone[:20]})
    if email:
        try:
            forms.EmailField(max_length=120).clean(email)
        except forms.ValidationError:
            faults.append(_("邮箱“%(email)s”写法不对。") % {"email": email[:40]})
    possible = {Channel.TEXT: bool(number) and phones.takes_texts(number), Channel.MAIL: bool(email)}
    ways = (channel for channel, can in possible.items() if can and channel.served)
    return {"phone": number, "channel": next(ways, Channel.LETTER).value}


def _days(text: Mapping[str, str], faults: list[str]) -> dict[str, str]:
    """The first and the last day as ISO dates; "" for none."""
    found: dict[str, str] = {}
    for name, key in (("first", "valid_from"), ("last", "valid_to")):
        try:
            day = DayField(required=False).clean(text.get(name, ""))
        except forms.ValidationError as fault:
            faults += [f"{HEADS.called[name][0]}\uff1a{words}" for words in fault.messages]
            day = None
        found[key] = day.isoformat() if day else ""
        if name == "first" and (passed := giving.fault_of_first_day(day)):
            faults.append(passed)
    if found["valid_from"] and found["valid_to"] and found["valid_to"] < found["valid_from"]:
        faults.append(_("最后一天不能早于第一天。"))
    elif found["valid_to"] and found["valid_to"] < moments.today().isoformat():
        faults.append(_("最后一天已经过去。"))
    return found


def _of_another(lines: Sequence[Line], people: Sequence[dict[str, Any]]) -> list[Fault]:
    """The rows whose telephone or mail address is another person's: of an account, of an invitation, or of a row before."""
    owners, faults = Owners(), []
    for line, row in zip(lines, people, strict=True):
        given = (row["full_name"], row["phone"], row["email"])
        wrong = owners.faults_of(*given).values()
        faults += [Fault(line.number, words) for words in wrong]
        if not wrong:
            owners.add(*given)
    return faults


def _seat_of(row: Mapping[str, Any]) -> Seat:
    return Seat(row["full_name"], row["role"], row["organization"], row["place"])


def _reached_by(row: Mapping[str, Any]) -> Reached:
    return Reached.by(row["phone"], row["email"])


def _invited_already(lines: Sequence[Line], people: Sequence[dict[str, Any]]) -> list[Fault]:
    """The rows of those who are invited to the same seat already, and have not joined yet."""
    waiting = namesakes.waiting(row["full_name"] for row in people)
    return [
        Fault(line.number, invited_already(row["full_name"]))
        for line, row in zip(lines, people, strict=True)
        if any(_reached_by(row).is_same(other) for other in waiting.get(_seat_of(row), ()))
    ]


def _days_of(row: Mapping[str, Any]) -> tuple[date, date | None]:
    """The first day of a row, which is today where none is written, and the last."""
    first = date.fromisoformat(row["valid_from"]) if row["valid_from"] else moments.today()
    return first, date.fromisoformat(row["valid_to"]) if row["valid_to"] else None


def _clashing(lines: Sequence[Line], people: Sequence[dict[str, Any]], actor: Actor) -> list[Fault]:
    """The rows with a role that must not meet what the same person holds, is invited to, or has in a row before, and
    those of the uploader.
    """
    expected, faults = Expected((row["full_name"] for row in people), actor), []
    for line, row in zip(lines, people, strict=True):
        if not (row["full_name"] and row["role"]):  # told already
            continue
        given = (row["full_name"], _reached_by(row), row["role"], *_days_of(row))
        if words := expected.fault_of(*given):
            faults.append(Fault(line.number, words))
        else:
            expected.add(*given)
    return faults


def unsure_of(people: Iterable[Mapping[str, Any]]) -> list[str]:
    """Who of a list bears the name of somebody who holds the same seat, where nothing says whether it is one person."""
    rows = list(people)
    holding = namesakes.holding(row["full_name"] for row in rows)

    def unsure(row: Mapping[str, Any]) -> bool:
        reached, others = _reached_by(row), [held.reached for held in holding.get(_seat_of(row), ())]
        return any(reached.is_same(other) and not reached.shares(other) for other in others)

    return [row["full_name"] for row in rows if unsure(row)]


def people_of(rows: Iterable[Mapping[str, Any]]) -> int:
    """How many people stand in several rows: one person may be invited to several roles."""
    known: dict[str, list[Reached]] = {}
    for row in rows:
        same, reached = known.setdefault(row["full_name"], []), _reached_by(row)
        if not any(reached.is_same(other) for other in same):
            same.append(reached)
    return sum(map(len, known.values()))


def _held_already(lines: Sequence[Line], people: Sequence[dict[str, Any]]) -> list[Fault]:
    """The rows of those who hold the same seat already on one of the days."""
    holding = namesakes.holding(row["full_name"] for row in people)
    faults = []
    for line, row in zip(lines, people, strict=True):
        first, last = _days_of(row)
        if any(held.meets(_reached_by(row), first, last) for held in holding.get(_seat_of(row), ())):
            faults.append(Fault(line.number, namesakes.held_already(row["full_name"])))
    return faults


def _doubled(lines: Sequence[Line], people: Sequence[dict[str, Any]]) -> list[Fault]:
    """The rows that say the same of the same person as an earlier one."""
    seen: dict[Seat, list[tuple[int, Reached]]] = {}
    faults = []
    for line, row in zip(lines, people, strict=True):
        if not (row["full_name"] and row["role"]):  # told already
            continue
        earlier, reached = seen.setdefault(_seat_of(row), []), _reached_by(row)
        same = next((number for number, other in earlier if reached.is_same(other)), None)
        if same is not None:
            words = _("和第 %(other)s 行是同一个人。是两个同名的人，请写上各自的手机或邮箱。")
            faults.append(Fault(line.number, words % {"other": same}))
        earlier.append((line.number, reached))
    return faults
