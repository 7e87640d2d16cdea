"""Who belongs to a household: joining, leaving, minors and their guardians, deaths."""

from __future__ import annotations

from datetime import date
from typing import NoReturn

from django.utils.translation import gettext as _

from foundation import moments, notices
from foundation.refusals import Invalid
from foundation.roles import Actor, Role
from households import events, registration
from households.lifecycle import HOUSEHOLD
from households.models import Household, HouseholdMember, Person
from households.models.household import Leaving, Relation
from organizations.models import Organization
from organizations.models.organization import OrganizationKind

#: Who stands for a minor without a guardian, in the form: the village, or civil affairs.
STANDING_IN = (OrganizationKind.COMMITTEE, OrganizationKind.BODY)


@HOUSEHOLD.move("add_member")
def add_member(
    household: Household,
    *,
    by: Actor,
    name: str,
    id_number: str,
    relation: str,
    counts: bool = True,
    disability: str = "",
    guardian: Person | None = None,
    guardian_body: Organization | None = None,
) -> None:
    """Add a person; one who counts elsewhere joins as a second home or not at all.

    A second home (shared custody, care in turn) is dated and does not count for means
    and size. A minor has a guardian of the household or of another, or a body that
    stands in for one (civil code, articles 27 and 32). Raises ``Invalid`` at the field.
    """
    person = registration.person_by_number(id_number)
    if person is not None and person.died_on:
        _wrong("id_number", _("登记显示此人已于 %(day)s 去世,请核对。") % {"day": person.died_on})
    if person is not None and household.members.filter(person=person, valid_to=None).exists():
        _wrong("id_number", _("此人已在这户。"))
    home = registration.household_of(person) if person else None
    if home is not None and counts:
        _wrong(
            "counts",
            _(
                "此人已计入家庭 %(home)s(%(town)s)。若两边轮住,请不勾选“计入本户”;若已搬来,请原窗口先登记离开。"
            )
            % {"home": home, "town": home.town},
        )
    person = person or registration.person_from_number(name, id_number)
    if disability:
        person.disability = disability
    if person.is_minor:
        _guard(person, guardian, guardian_body)
    elif guardian or guardian_body:
        _wrong("guardian", _("此人已成年,不需要填监护人。"))
    person.save()
    HouseholdMember.objects.create(
        household=household, person=person, relation=relation, counts=counts
    )
    counted = household.members.filter(valid_to=None, counts=True).count()
    household.size = max(household.size, counted)


def _guard(child: Person, guardian: Person | None, body: Organization | None) -> None:
    """Write down who stands for a minor; whoever is named anew takes the place."""
    if guardian is None and body is None:
        if child.guardian_id or child.guardian_body_id:
            return
        _wrong(
            "guardian", _("未成年人须有监护人;没有监护人的,请选代行监护的村(居)委会或民政部门。")
        )
    if guardian is not None and body is not None:
        _wrong("guardian_body", _("监护人和代行监护的组织只填一个。"))
    if guardian is not None and (guardian.is_minor or guardian.died_on):
        _wrong("guardian", _("监护人须是在世的成年人。"))
    child.guardian, child.guardian_body = guardian, body


@HOUSEHOLD.move("end_membership")
def end_membership(
    household: Household, *, by: Actor, member: HouseholdMember, left_for: str, on: date
) -> None:
    """A person leaves the household on a day; the next member stands for it.

    Raises ``Invalid`` for the last one who counts: then the household is closed.
    """
    if left_for == Leaving.DIED:
        _wrong("left_for", _("去世请用“登记去世”办理,相关需求会一并收尾。"))
    _end(household, member, on, left_for)
    if not household.members.filter(valid_to=None, counts=True).exists():
        _wrong("member", _("这是最后一名成员,请改用“注销家庭”。"))


@HOUSEHOLD.move("record_death")
def record_death(household: Household, *, by: Actor, member: HouseholdMember, on: date) -> None:
    """A member has died: what is open for that person is closed with kindness.

    No satisfaction is asked; visits that were made are settled (S22). A child who loses
    its guardian is shown to civil affairs at once.
    """
    person = member.person
    _end(household, member, on, Leaving.DIED)
    person.died_on = on
    person.save(update_fields=["died_on"])
    for ward in person.wards.filter(died_on=None):
        if ward.is_minor:
            words = _("%(home)s:监护人去世,未成年人须另行落实监护") % {"home": household}
            notices.send(household, Role.CIVIL_AFFAIRS, words)
            notices.send(household, Role.WINDOW, words)
    events.somebody_died(household, person, by)


def _end(household: Household, member: HouseholdMember, on: date, left_for: str) -> None:
    if member.household_id != household.pk or member.valid_to is not None:
        _wrong("member", _("请选择现在的成员。"))
    if on > moments.today():
        _wrong("on", _("日期不能晚于今天。"))
    if member.person.birth_date and on < member.person.birth_date:
        _wrong("on", _("日期不能早于出生日期。"))
    member.valid_to, member.left_for = on, left_for
    member.save(update_fields=["valid_to", "left_for"])
    if member.counts and household.size > 1:
        household.size -= 1
    if member.relation == Relation.HEAD:
        _next_head(household)


def _next_head(household: Household) -> None:
    """The next adult who counts stands for the household."""
    left = household.members.filter(valid_to=None, counts=True).select_related("person")
    heir = next((each for each in left if not each.person.is_minor), left.first())
    if heir is not None:
        heir.relation = Relation.HEAD
        heir.save(update_fields=["relation"])


def _wrong(field: str, message: str) -> NoReturn:
    raise Invalid(message, fields={field: message}, rule="S22")
