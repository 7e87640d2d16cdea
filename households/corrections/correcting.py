"""Correcting a wrong identity number, confirmed by a second person (PIPL 46)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from stdnum.cn import ric

from foundation.advisory_locks import take_lock
from foundation.personal_data.keys import keyed_hash
from foundation.refusals import Invalid, NotNow
from foundation.roles import SYSTEM, Actor
from households.corrections.models import Correction
from households.corrections.states import CORRECTION, CorrectionStatus
from households.register import events, registration
from households.register.models import Household, Person


@CORRECTION.start("propose")
def propose(*, by: Actor, household: Household, person: Person, id_number: str, why: str) -> Correction:
    """Propose the right number of a member; nothing changes until it is confirmed.

    Raises ``Invalid`` for somebody who does not count in the household, for the same number or one
    that another person has, and ``NotNow`` while another correction waits or no document was seen.
    """
    household = registration.held(household)
    if not household.verified:
        raise NotNow(_("这户还没有核对证件，受理时再登记证件号。"))
    _require_counting(household, person)
    _require_free(person, id_number)
    if person.corrections.filter(status__in=CorrectionStatus.unfinished()).exists():
        raise NotNow(_("这个人已有一次更正在等复核。"))
    wrong = person.id_number.plain() if person.id_number else ""
    return Correction.objects.create(
        household=household, person=person, wrong=wrong, right=id_number, why=why
    )


@CORRECTION.transition("confirm")
def confirm(correction: Correction, *, by: Actor) -> None:
    """Change the number; birth date and sex follow it. A second person confirms.

    Raises ``Invalid`` if the person has left the household since, or the number is taken.
    """
    number = correction.right.plain()
    _require_counting(correction.household, correction.person)
    person = Person.objects.select_for_update().get(pk=correction.person_id)
    _require_free(person, number)
    person.id_number = number
    person.birth_date, person.sex = ric.get_birth_date(number), registration.sex_of(number)
    person.save()


reject = CORRECTION.act("reject", Correction)
lapse = CORRECTION.act("lapse", Correction)


@events.on_end.register
def lapse_with_the_membership(household: Household, person: Person | None) -> None:
    """End the correction of somebody who counts in this household no more."""
    waiting = household.corrections.filter(status__in=CorrectionStatus.unfinished())
    for correction in waiting if person is None else waiting.filter(person=person):
        lapse(correction, by=SYSTEM)


def _require_counting(household: Household, person: Person) -> None:
    """Raise ``Invalid`` unless the person counts in the household."""
    if not household.members.filter(person=person, valid_to=None, counts=True).exists():
        message = _("请选择计入这户的成员；别处的人由那里的窗口更正。")
        raise Invalid(message, fields={"person": message})


def _require_free(person: Person, id_number: str) -> None:
    """Raise ``Invalid`` if the number is the person's already or another person's."""
    take_lock("household", keyed_hash(id_number))
    other = registration.person_by_number(id_number)
    if other is None:
        return
    message = (
        _("与现在登记的号码相同。")
        if other.pk == person.pk
        else _("这个号码已属于另一个人，请两户窗口核对，系统不会自动合并。")
    )
    raise Invalid(message, fields={"id_number": message})
