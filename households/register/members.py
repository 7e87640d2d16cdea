"""Members of households: joining, leaving, guardians of minors, deaths."""

from __future__ import annotations

from datetime import date
from typing import NoReturn

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.advisory_locks import take_lock
from foundation.inbox import notices
from foundation.journal import sentences, writing
from foundation.personal_data.keys import keyed_hash
from foundation.refusals import Invalid
from foundation.roles import Actor, Role
from foundation.wording import filled
from foundation.work_items import settling
from households.joining import joining
from households.register import accounts, events, missing, phones, registration
from households.register.models import Household, HouseholdMember, Leaving, Person, Relation
from households.register.states import HOUSEHOLD
from organizations.bodies.models import Organization, OrganizationKind

#: Kinds of bodies that stand in for a guardian: the village's committee, or civil affairs.
STANDING_IN = (OrganizationKind.COMMITTEE, OrganizationKind.BODY)


@HOUSEHOLD.transition("add_member")
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
    why: str = "",
) -> None:
    """Add a person; one who counts elsewhere only as a second home.

    A second home (shared custody, care in turn) is dated and does not count for income and size.
    Where the person counts in another town, its window is asked first (``joining``): until it confirms
    the person is no member, and ``done_otherwise`` says so. A minor has a guardian, or a body that
    stands in for one (Civil Code, articles 27 and 32). The name of a known person must agree. Raises
    ``Invalid`` at the field.
    """
    take_lock("household", keyed_hash(id_number))
    person, home = registration.person_by_number(id_number), None
    if person is None:
        person = registration.person_from_number(name, id_number)
    else:
        home = _known(household, person, by=by, name=name, counts=counts, why=why)
        if home is not None and home.town_id != by.place_id:
            _nothing_of_another_window(person, disability, guardian, guardian_body)
            joining.propose(by=by, household=household, home=home, person=person, relation=relation, why=why)
            household.done_otherwise = HOUSEHOLD.otherwise("add_member")
            return
    if disability:
        person.disability = disability
    if person.is_minor:
        _guard(person, guardian, guardian_body, by=by, why=why, second=home is not None)
    elif guardian or guardian_body:
        _refuse("guardian", _("此人已成年，不需要填监护人。"))
    person.save()
    HouseholdMember.objects.create(household=household, person=person, relation=relation, counts=counts)
    counted = household.members.filter(valid_to=None, counts=True).count()
    household.size = max(household.size, counted)


def _known(
    household: Household, person: Person, *, by: Actor, name: str, counts: bool, why: str
) -> Household | None:
    """The household in which a known person counts now; raises ``Invalid`` for one who cannot join."""
    registration.alive(person)
    if household.members.filter(person=person, valid_to=None).exists():
        _refuse("id_number", _("此人已在这户。"))
    home = registration.household_of(person)
    if home is None:
        registration.recognise(person, by=by, name=name, why=why)
        return None
    if home.town_id != by.place_id and not why.strip():
        _refuse("why", _("此人在别处有登记，请写明事由；会通知此人所在的窗口确认。"))
    registration.same_name(person, name)
    if counts:
        _refuse(
            "counts", _("此人已计入另一户。若两边轮住，请不勾选“计入本户”；若已搬来，请原窗口先登记离开。")
        )
    return home


def _nothing_of_another_window(
    person: Person, disability: str, guardian: Person | None, body: Organization | None
) -> None:
    """Raise ``Invalid`` for values that only the window where the person counts may record."""
    if disability:
        _refuse("disability", _("此人的情况由所在窗口登记，这里请不填。"))
    if guardian or body:
        _refuse("guardian", _("监护人由此人所在的窗口登记，这里请不填。"))


def _guard(
    child: Person,
    guardian: Person | None,
    body: Organization | None,
    *,
    by: Actor,
    why: str,
    second: bool = False,
) -> None:
    """Set the guardian of a minor, or the body that stands in for one.

    Replacing one needs a reason; a ``second`` home cannot replace a guardian who lives. Raises
    ``Invalid`` at the field.
    """
    if guardian is None and body is None:
        lives = child.guardian is not None and child.guardian.died_on is None
        if lives or child.guardian_body_id:
            return
        _nobody_named()
    if guardian is not None and body is not None:
        _refuse("guardian_body", _("监护人和代行监护的组织只填一个。"))
    if guardian is not None and (guardian.is_minor or guardian.died_on):
        _refuse("guardian", _("监护人须是在世的成年人。"))
    if (child.guardian, child.guardian_body) == (guardian, body):
        return
    stands = child.guardian_body_id or (child.guardian and not child.guardian.died_on)
    if second and stands:
        _refuse(
            "guardian",
            _("监护人由此人计入的那户登记，这里请不填。监护人变了的，请在那户用“另定监护人”办理。"),
        )
    if child.guarded_by:
        _replace_guardian(child, guardian, body, by=by, why=why)
    child.guardian, child.guardian_body = guardian, body


def _nobody_named() -> NoReturn:
    """Raise ``Invalid`` for a minor without a guardian."""
    _refuse("guardian", _("未成年人须有监护人；没有监护人的，请选代行监护的村（居）委会或民政部门。"))


@HOUSEHOLD.transition("change_guardian")
def change_guardian(
    household: Household,
    *,
    by: Actor,
    member: HouseholdMember,
    why: str,
    guardian: Person | None = None,
    guardian_body: Organization | None = None,
) -> None:
    """Change the guardian of a minor who counts here, for instance after a death.

    Raises ``Invalid`` for somebody who is no minor of this household, and for a guardian who is
    a minor or dead.
    """
    child = member.person
    if member.household_id != household.pk or member.valid_to is not None:
        _refuse("member", _("请选择现在的成员。"))
    if not member.counts:
        _refuse("member", _("此人计入另一户，请由那户所在的窗口登记。"))
    if not child.is_minor:
        _refuse("member", _("此人已成年，不需要填监护人。"))
    if guardian is None and guardian_body is None:
        _nobody_named()
    _guard(child, guardian, guardian_body, by=by, why=why)
    child.save(update_fields=["guardian", "guardian_body"])


#: What is written into the journal here.
REPLACE_GUARDIAN = sentences.act("change_guardian", gettext_lazy("%(who)s更换了监护人"), confided=True)


def _replace_guardian(
    child: Person, guardian: Person | None, body: Organization | None, *, by: Actor, why: str
) -> None:
    """Change the guardian and write it into the journal of the child; raises ``Invalid`` without a reason."""
    if not why.strip():
        _refuse(
            "why", _("这名未成年人已登记监护人 %(who)s。确需更换，请写明依据。") % {"who": child.guarded_by}
        )
    before = writing.picture(child)
    child.guardian, child.guardian_body = guardian, body
    writing.write(
        child._meta.label,
        child,
        REPLACE_GUARDIAN,
        by,
        before=before,
        after=writing.picture(child),
        reason=why.strip(),
        basis="民法典第二十七条",
    )


change_guardian.lacks(missing.no_minor)


@HOUSEHOLD.transition("end_membership")
def end_membership(
    household: Household,
    *,
    by: Actor,
    member: HouseholdMember,
    left_for: str,
    on: date,
    phone_stays: bool = False,
) -> None:
    """Record that a member leaves on a day; the next adult becomes the head if the head leaves.

    ``phone_stays`` says that the window has checked that the phone belongs to those who stay. Raises
    ``Invalid`` for the last member who counts: the household is to be closed instead.
    """
    if left_for == Leaving.DIED:
        _refuse("left_for", _("去世请用“登记去世”办理，相关需求会一并收尾。"))
    _end(household, member, on, left_for)
    phones.somebody_left(household, member.person, stays=phone_stays)
    if not household.members.filter(valid_to=None, counts=True).exists():
        _refuse("member", _("这是最后一名成员，请改用“注销家庭”。"))


end_membership.lacks(missing.nobody_to_leave)


@HOUSEHOLD.transition("record_death")
def record_death(household: Household, *, by: Actor, member: HouseholdMember, on: date) -> None:
    """Record the death of a member who counts here, and close what is open for that person (S22).

    Nobody is asked about satisfaction; visits that were made are settled. Civil affairs and the window
    are notified if a child loses its guardian. Second homes of the person end, and the accounts of a household
    where nobody is left. Raises ``Invalid`` for somebody who counts in another household.
    """
    if not member.counts:
        _refuse("member", _("此人计入另一户，请由那户所在的窗口登记。"))
    person = member.person
    _end(household, member, on, Leaving.DIED)
    person.died_on = on
    person.save(update_fields=["died_on"])
    for ward in person.wards.filter(died_on=None):
        if ward.is_minor:
            words = filled(gettext_lazy("%(home)s：监护人去世，未成年人须另行落实监护"), home=household)
            notices.send(household, Role.CIVIL_AFFAIRS, words)
            notices.send(household, Role.WINDOW, words)
    events.on_death.call(household, person, by)
    _end_accounts(household, by)
    for second in person.homes.filter(valid_to=None).select_related("household"):
        second.valid_to, second.left_for = on, Leaving.DIED
        second.save(update_fields=["valid_to", "left_for"])
        settling.touch(*second.household.beside())
        words = filled(gettext_lazy("%(home)s：轮住在这户的一个人已去世"), home=second.household)
        notices.send(second.household, Role.WINDOW, words)
        events.on_death.call(second.household, person, by)
        _end_accounts(second.household, by)


record_death.lacks(missing.nobody_who_counts)


def _end_accounts(household: Household, by: Actor) -> None:
    """Close the accounts of a household in which nobody lives any more, so that nothing waits for it."""
    if not household.has_people:
        accounts.end(household, by=by)


def _end(household: Household, member: HouseholdMember, on: date, left_for: str) -> None:
    """End a membership on a day; raises ``Invalid`` for a day in the future or before birth."""
    if member.household_id != household.pk or member.valid_to is not None:
        _refuse("member", _("请选择现在的成员。"))
    if on > moments.today():
        _refuse("on", _("日期不能晚于今天。"))
    if member.person.birth_date and on < member.person.birth_date:
        _refuse("on", _("日期不能早于出生日期。"))
    member.valid_to, member.left_for = on, left_for
    member.save(update_fields=["valid_to", "left_for"])
    if member.counts and household.size > 1:
        household.size -= 1
    if member.relation == Relation.HEAD:
        _next_head(household)
    events.on_end.call(household, member.person)


def _next_head(household: Household) -> None:
    """Make the next adult who counts the head; a minor if there is no adult."""
    left = household.members.filter(valid_to=None, counts=True).select_related("person")
    head = next((member for member in left if not member.person.is_minor), left.first())
    if head is not None:
        head.relation = Relation.HEAD
        head.save(update_fields=["relation"])


def _refuse(field: str, message: str) -> NoReturn:
    """Raise ``Invalid`` at a field."""
    raise Invalid(message, fields={field: message}, rule="S22")
