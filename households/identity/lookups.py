"""Looking up people by identity number: counted, limited and written into the journal.

Where birth date, place and sex are known, few numbers are possible, so every look-up is a try.
Pages and API look up through here only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import limits_told, moments
from foundation.advisory_locks import take_lock
from foundation.journal import sentences, writing
from foundation.personal_data.keys import keyed_hash
from foundation.personal_data.revealing import BASIS
from foundation.refusals import Invalid, Limit, NotYours, TooOften, whole_minutes
from foundation.retention.sweeping import keep_rows
from foundation.roles import LOOKS_UP, Actor
from foundation.rules import reading
from households.identity.models import Found, LookUp
from households.register import registration
from households.register.models import Household, Person

#: Seconds.
HOUR = 3600

#: What is written into the journal here.
LOOK_UP = sentences.act("look_up", gettext_lazy("%(who)s按证件号查找"), confided=True)


@dataclass(frozen=True)
class Answer:
    """What is known of a number: ``household`` is where the person counts, even if the actor may not
    see it; ``found`` says which.
    """

    found: str
    person: Person | None = None
    household: Household | None = None


def look_up(id_number: str, *, by: Actor, reason: str = "") -> Answer:
    """Look up a whole, valid identity number.

    The same number looked up again by the same person within the hour counts once. Do not call it in
    a transaction that a refusal rolls back. Raises ``NotYours`` for a role that has no need of it and
    ``TooOften`` above the limits of the rule ``households.look_ups``.
    """
    if by.role not in LOOKS_UP:
        raise NotYours(_("您的身份不能按证件号查找。"), rule=BASIS)
    answer = _answer(id_number, by)
    asked: dict[str, Any] = {"user_id": by.user_id or 0, "number_hash": keyed_hash(id_number)}
    with transaction.atomic():
        take_lock("look-up", str(asked["user_id"]))
        lately = LookUp.objects.filter(user_id=asked["user_id"], at__gt=moments.now() - timedelta(hours=1))
        again = lately.filter(number_hash=asked["number_hash"])
        if not again.exists():
            _check_limits(lately, answer, by)
        elif not reason or again.filter(reason=reason).exists():
            return answer
        row = LookUp.objects.create(**asked, found=answer.found, reason=reason[:300], at=moments.now())
        about = answer.household or row
        after = {"number_hash": asked["number_hash"], "found": str(answer.found)}
        writing.write(about._meta.label, about, LOOK_UP, by, after=after, reason=reason, basis=BASIS)
    return answer


def found_before(id_number: str, *, by: Actor) -> Household | None:
    """The household that this person has been shown for the number before; counts as no look-up."""
    asked = LookUp.objects.filter(user_id=by.person or 0, number_hash=keyed_hash(id_number))
    if not asked.filter(found=Found.HERE).exists():
        return None
    return _answer(id_number, by).household


def ask_why(answer: Answer, reason: str) -> None:
    """Raise ``Invalid`` at ``why`` if the person is registered elsewhere and no reason is given."""
    if answer.found == Found.ELSEWHERE and not reason.strip():
        message = _("这个证件号在别处有登记，请写明办理的事由再提交，会留下记录。")
        raise Invalid(message, fields={"why": message}, rule=BASIS)


def _answer(id_number: str, by: Actor) -> Answer:
    """What is known of the number, without counting."""
    person = registration.person_by_number(id_number)
    if person is None:
        return Answer(Found.NOBODY)
    household = registration.household_of(person)
    if household and Household.objects.visible_to(by).filter(pk=household.pk).exists():
        return Answer(Found.HERE, person, household)
    return Answer(Found.ELSEWHERE if household else Found.NOBODY, person, household)


def _check_limits(lately: QuerySet[LookUp], answer: Answer, by: Actor) -> None:
    """Raise ``TooOften`` above the limits; a person who was registered here since is no miss (S13)."""
    rule = reading.current("households.look_ups").value
    registered_here = Person.objects.filter(
        homes__household__in=Household.objects.visible_to(by), homes__valid_to=None
    )
    missed = lately.exclude(found=Found.HERE).exclude(
        number_hash__in=registered_here.values("id_number_hash")
    )
    if answer.found != Found.HERE:
        _keep_to("look-ups-missed", missed, int(rule["missed_an_hour"]))
    _keep_to("look-ups", lately, int(rule["an_hour"]))


def _keep_to(name: str, lately: QuerySet[LookUp], most: int) -> None:
    """Raise ``TooOften`` where as many as are allowed were made within the hour."""
    limit = Limit(name, most, HOUR)
    times = lately.order_by("-at").values_list("at", flat=True)[:most]
    if len(times) >= most:
        again_in = HOUR - (moments.now() - times[most - 1]).total_seconds()
        words = _("按证件号查找太频繁\uff0c请 %(minutes)s 分钟后再试\uff1b确有需要\uff0c请联系民政部门。")
        message = words % {"minutes": whole_minutes(again_in)}
        raise TooOften(message, limit=limit, again_in=again_in, fields={"id_number": message}, rule=BASIS)
    limits_told.counted(limit, most - len(times) - 1, HOUR)


keep_rows("retention.households", "look_ups", lambda before: LookUp.objects.filter(at__lt=before))
