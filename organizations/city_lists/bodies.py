"""A list of bodies and agencies with their names, and what bodies answer for: one row a responsibility."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

from foundation import moments
from foundation.forms import typed
from foundation.journal import writing
from foundation.lifecycle import together
from foundation.roles import Actor
from organizations.bodies import codes, keeping
from organizations.bodies.models import Organization, OrganizationKind, OrganizationName
from organizations.bodies.states import ORGANIZATION
from organizations.city_lists.columns import label_of
from organizations.city_lists.kinds import CityListKind, Outcome
from organizations.city_lists.planning import Plan, Row
from organizations.city_lists.windows import renamed, take_over
from organizations.places.models import Place
from organizations.responsibilities.models import Responsibility
from organizations.responsibilities.states import RESPONSIBILITY, ResponsibilityStatus

#: The kinds of organization that such a list has.
KINDS = (OrganizationKind.BODY, OrganizationKind.EVALUATOR)

#: What a row may change of a body that is there.
CHANGING = ("name_en", "credit_code", "phone", "address", "hours", "may_buy", "may_supply")

#: What is said of the names of a body.
OF_THE_NAMES = ("since", "earlier", "earlier_until")

#: What is said of a body itself, in its first row.
OF_THE_BODY = ("kind", *OF_THE_NAMES, *CHANGING)

#: What is said of a responsibility.
OF_A_DUTY = ("need_kind", "basis", "duty_from", "duty_until")


@dataclass
class Listed:
    """A body of the list: its first row, the body there or new, whether the row changes it, and its new
    responsibilities.
    """

    first: Row
    body: Organization
    changed: bool = False
    duties: list[Responsibility] = field(default_factory=list)
    open_kinds: set[str] = field(default_factory=set)


class BodiesPlan(Plan):
    """The bodies of a list beside those that are there."""

    kind = CityListKind.BODIES

    def compare(self) -> None:
        self.city = Place.objects.city()
        self._look_up()
        self.listed: dict[int, Listed] = {}
        by_code: dict[str, Listed] = {}
        by_name: dict[str, Listed] = {}
        for row in self.rows:
            code, name = row["code"] or "", row["name"] or ""
            row.title = name or code
            if not {"code", "name"} <= row.values.keys():
                continue
            if not row.title:
                self.fault(row, _("请写部门的名称或简码。"))
                continue
            found = by_code.get(code) or by_name.get(typed.compared(name))
            if found is None:
                found = self._first(row, code, name)
            elif fault := self._of_another_name(found, code, name):
                self.fault(row, fault)
                continue
            else:
                self._further(row, found, code, name)
            if found is not None:
                by_name[typed.compared(found.body.name)] = found
                by_code |= {found.body.code: found} if found.body.code else {}
                self._duty(row, found)

    def _look_up(self) -> None:
        """What is there: organizations by code, by name and by credit code, their names and responsibilities."""
        every = list(Organization.objects.prefetch_related("names"))
        self.before = {body.pk: writing.picture(body) for body in every if body.kind in KINDS}
        self.by_code = {body.code: body for body in every}
        self.by_credit_code = {body.credit_code: body for body in every if body.credit_code}
        self.by_name = {
            typed.compared(body.name): body for body in every if body.kind in KINDS and not body.closed
        }
        self.answers_for: dict[int, list[Responsibility]] = defaultdict(list)
        for duty in Responsibility.objects.all():
            self.answers_for[duty.organization_id].append(duty)

    def _first(self, row: Row, code: str, name: str) -> Listed | None:
        """The body of a row that is the first about it; None where it cannot be entered."""
        body = self.by_code.get(code) if code else None
        body = body or self.by_name.get(typed.compared(name))
        if fault := self._why_not(row, body, code, name):
            self.fault(row, fault)
            return None
        if body is None:
            body = Organization(
                kind=row["kind"] or OrganizationKind.BODY,
                code=code,
                name=name,
                place=self.city,
                **{
                    key: row[key]
                    for key in ("name_en", "phone", "address", "may_buy", "may_supply")
                    if row[key]
                },
                credit_code=row["credit_code"] or None,
                hours=row["hours"] or {},
            )
            row.outcome = Outcome.NEW
        else:
            take_over(row, body, CHANGING)
            if is_nameless(body):
                self._name(row)
        self._check(row, body)
        known = self.answers_for[body.pk] if body.pk else []
        open_kinds = {duty.need_kind for duty in known if duty.need_kind and self._is_open(duty)}
        found = Listed(row, body, changed=bool(row.changes), open_kinds=open_kinds)
        self.listed[row.number] = found
        return found

    @staticmethod
    def _name(row: Row) -> None:
        """Note the names with their days that a row gives to a body of which none was noted."""
        for name in OF_THE_NAMES:
            if value := row[name]:
                told = value.isoformat() if isinstance(value, date) else value
                row.changes.append((name, "", told))
                row.outcome = Outcome.CHANGED

    def _why_not(self, row: Row, body: Organization | None, code: str, name: str) -> str:
        """Why the first row of a body says what cannot be; "" if it can."""
        if body is None and codes.is_made(code):
            return _("简码“%(code)s”是给窗口、村（居）委会或承接主体用的，请换一个，或者不写。") % {
                "code": code
            }
        if body is None:
            return "" if name else _("没有简码是“%(code)s”的部门，新的部门要写名称。") % {"code": code}
        if body.closed or body.kind not in KINDS:
            return _("简码“%(code)s”是“%(name)s”，它不是在用的部门。") % {
                "code": body.code,
                "name": body.name,
            }
        if code and body.code != code:
            return _("“%(name)s”的简码是 %(code)s。") % {"name": body.name, "code": body.code}
        if name and body.name != name:
            return renamed(body)
        if row["kind"] and row["kind"] != body.kind:
            return _("“%(name)s”是%(kind)s，类别不能改。") % {
                "name": body.name,
                "kind": body.get_kind_display(),
            }
        if (
            not is_nameless(body)
            and row["earlier"]
            and row["earlier"] not in {one.name for one in body.names.all()}
        ):
            return _("“%(name)s”没有这个曾用名。") % {"name": body.name}
        if (
            not is_nameless(body)
            and row["since"]
            and row["since"] not in {one.valid_from for one in body.names.all()}
        ):
            return _("“%(name)s”登记的成立日期不是这一天。") % {"name": body.name}
        return ""

    def _check(self, row: Row, body: Organization) -> None:
        """Note what of a body does not fit together, or belongs to another one."""
        for words in keeping.faults_of_money(may_buy=body.may_buy, may_supply=body.may_supply).values():
            self.fault(row, words)
        if body.credit_code:
            other = self.by_credit_code.setdefault(body.credit_code, body)
            if other is not body:
                words = _("统一社会信用代码 %(code)s 是“%(name)s”的。")
                self.fault(row, words % {"code": body.credit_code, "name": other.name})
        if bool(row["earlier"]) != bool(row["earlier_until"]):
            self.fault(row, _("曾用名和它的最后一天要一起写。"))
        elif row["earlier_until"] and row["since"] and row["earlier_until"] < row["since"]:
            self.fault(row, _("曾用名的最后一天不能早于成立日期。"))

    @staticmethod
    def _of_another_name(found: Listed, code: str, name: str) -> str:
        """That the short code of a row is that of an earlier row with another name; "" where it is not."""
        body = found.body
        if not name or code != body.code or typed.compared(name) == typed.compared(body.name):
            return ""
        words = _("简码“%(code)s”和第 %(n)s 行的“%(name)s”重复，一个部门一个简码。")
        return words % {"code": code, "n": found.first.number, "name": body.name}

    def _further(self, row: Row, found: Listed, code: str, name: str) -> None:
        """A further row of a body, which says nothing else of it."""
        row.title = found.body.name
        differing = [
            key for key in OF_THE_BODY if row[key] not in (None, "", {}) and row[key] != found.first[key]
        ]
        labels = [label_of(self.kind, key) for key in differing]
        if code and code != found.body.code:
            labels.append(label_of(self.kind, "code"))
        if name and typed.compared(name) != typed.compared(found.body.name):
            labels.append(label_of(self.kind, "name"))
        for label in labels:
            self.fault(row, _("“%(label)s”和第 %(n)s 行不一样。") % {"label": label, "n": found.first.number})
        if found.body.pk is None:
            row.outcome = Outcome.NEW

    def _duty(self, row: Row, found: Listed) -> None:
        """The responsibility of a row: there already, or new."""
        text = row["duty"] or ""
        if not text:
            if any(row[key] for key in OF_A_DUTY):
                self.fault(row, _("写了职责的依据、类别或日子，但没有写职责。"))
            elif row is not found.first:
                self.fault(row, _("和第 %(n)s 行重复。") % {"n": found.first.number})
            return
        first: date = row["duty_from"] or found.first["since"] or moments.today()
        duty = Responsibility(
            organization=found.body,
            need_kind=row["need_kind"] or "",
            text=text,
            basis=row["basis"] or "",
            valid_from=first,
            valid_to=row["duty_until"],
        )
        if found.body.kind != OrganizationKind.BODY:
            self.fault(row, _("只有责任部门有职责。"))
        elif self._is_there(row, duty, found):
            return
        elif not duty.basis:
            self.fault(row, _("请写职责的依据。"))
        elif duty.valid_to and duty.valid_to < first:
            self.fault(row, _("职责的最后一天不能早于第一天。"))
        elif duty.need_kind and duty.need_kind in found.open_kinds and self._is_open(duty):
            self.fault(row, _("这个部门已有这类需求的职责。"))
        else:
            self._add(row, duty, found)

    def _add(self, row: Row, duty: Responsibility, found: Listed) -> None:
        """Take a new responsibility in."""
        found.duties.append(duty)
        if duty.need_kind and self._is_open(duty):
            found.open_kinds.add(duty.need_kind)
        if row.outcome != Outcome.NEW:
            row.outcome = Outcome.CHANGED
        row.changes.append(("duty", "", duty.text))

    def _is_there(self, row: Row, duty: Responsibility, found: Listed) -> bool:
        """Whether the body, or an earlier row, has the responsibility; a fault where it says something else of it."""
        known = [*(self.answers_for[found.body.pk] if found.body.pk else ()), *found.duties]
        same = [one for one in known if (one.text, one.need_kind) == (duty.text, duty.need_kind)]
        if not same:
            return False
        said = {"basis": row["basis"], "valid_from": row["duty_from"], "valid_to": row["duty_until"]}
        fits = any(
            all(not value or getattr(one, key) == value for key, value in said.items()) for one in same
        )
        if not fits or any(one in found.duties for one in same):
            words = (
                _("已有职责“%(text)s”，要改请在部门职责里办理。")
                if not fits
                else _("职责“%(text)s”写了两次。")
            )
            self.fault(row, words % {"text": duty.text[:30]})
        return True

    @staticmethod
    def _is_open(duty: Responsibility) -> bool:
        """Whether a responsibility has no last day."""
        return duty.valid_to is None and duty.status in ResponsibilityStatus.unfinished()

    def carry_out(self, by: Actor) -> None:
        every = list(self.listed.values())
        new = [one for one in every if one.body.pk is None]
        numbers = codes.new(OrganizationKind.BODY, None, but={one.body.code for one in new})
        for one in new:
            one.body.code = one.body.code or next(numbers)
        changed = [one.body for one in every if one.body.pk is not None and one.changed]
        named = [
            one for one in every if is_nameless(one.body) and any(map(one.first.__getitem__, OF_THE_NAMES))
        ]
        together.begin(ORGANIZATION, "establish", [one.body for one in new], by=by)
        OrganizationName.objects.bulk_create(name for one in (*new, *named) for name in names_of(one))
        if changed:
            together.change(ORGANIZATION, "change", changed, before=self.before, fields=CHANGING, by=by)
        duties = [duty for one in every for duty in one.duties]
        together.begin(RESPONSIBILITY, "assign", duties, by=by)


def is_nameless(body: Organization) -> bool:
    """Whether no name of a body was noted with its days yet."""
    return body.pk is not None and not body.names.all()


def names_of(listed: Listed) -> list[OrganizationName]:
    """The unsaved names of a body: the earlier one if there was one, and that of now."""
    body, since = listed.body, listed.first["since"]
    earlier, until = listed.first["earlier"], listed.first["earlier_until"]
    if not earlier:
        return [OrganizationName(organization=body, name=body.name, valid_from=since)]
    return [
        OrganizationName(organization=body, name=earlier, valid_from=since, valid_to=until),
        OrganizationName(organization=body, name=body.name, valid_from=until + timedelta(days=1)),
    ]
