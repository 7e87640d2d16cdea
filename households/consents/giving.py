"""Separate consent to pass data on: given and withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.refusals import Invalid, Refused
from foundation.roles import Actor
from households.consents.models import Consent, ConsentPurpose
from households.register import missing, registration
from households.register.events import on_withdrawal
from households.register.models import Household, Person
from households.register.states import HOUSEHOLD
from organizations.bodies.models import Organization


@HOUSEHOLD.transition("give_consent")
def give_consent(
    household: Household,
    *,
    by: Actor,
    scope: list[str],
    form: str,
    purpose_code: str = ConsentPurpose.REFERRAL,
    provider_body: Organization | None = None,
    person: Person | None = None,
    given_by: Person | None = None,
    valid_to: date | None = None,
) -> None:
    """Record separate consent: receiver, purpose, kinds of data, time (PIPL 23, 29).

    For a child under 14 the guardian gives it, or the body that stands in for one (article 31).
    Raises ``Invalid`` at the field, and ``Refused`` if nobody lives in the household.
    """
    registration.lived_in(household)
    _require_end_ahead(valid_to)
    _require_members(household, person=person, given_by=given_by)
    _require_a_giver_for(person, given_by)
    Consent.objects.create(
        household=household,
        purpose_code=purpose_code,
        purpose=str(ConsentPurpose(purpose_code).label),
        receiver=provider_body.name if provider_body else _("接受转介的机构"),
        provider_body=provider_body,
        person=person,
        given_by=given_by,
        scope=scope,
        form=form,
        valid_to=valid_to,
        given_at=moments.now(),
    )


give_consent.lacks(missing.nobody_there)


def _require_end_ahead(valid_to: date | None) -> None:
    """Raise ``Invalid`` for an end in the past."""
    if valid_to is not None and valid_to < moments.today():
        message = _("有效期不能早于今天。")
        raise Invalid(message, fields={"valid_to": message})


def _require_members(household: Household, **named_people: Person | None) -> None:
    """Raise ``Invalid`` at the field for somebody who is neither a member nor the guardian of one."""
    members = [member.person for member in household.members.filter(valid_to=None).select_related("person")]
    for name, named in named_people.items():
        if named is not None and named not in members and not _guards(named, members):
            message = _("请选择这户的成员或监护人。")
            raise Invalid(message, fields={name: message})


def _require_a_giver_for(person: Person | None, given_by: Person | None) -> None:
    """Raise ``Invalid`` where somebody dead, a child, or not the guardian of the child consents (PIPL 31)."""
    if given_by is not None and given_by.died_on:
        message = _("登记显示此人已去世；未成年人的监护人去世的，请先另定监护人。")
        raise Invalid(message, fields={"given_by": message}, rule="个人信息保护法第三十一条")
    if given_by is not None and given_by.is_child:
        message = _("不满 14 周岁的未成年人不能自己同意。")
        raise Invalid(message, fields={"given_by": message}, rule="个人信息保护法第三十一条")
    if person is not None and person.is_child:
        if person.guardian_id is not None and given_by != person.guardian:
            message = _("不满 14 周岁，须由监护人 %(guardian)s 同意。") % {"guardian": person.guardian}
            raise Invalid(message, fields={"given_by": message}, rule="个人信息保护法第三十一条")
        if person.guardian_id is None and person.guardian_body_id is None:
            message = _("这名儿童还没有登记监护人，请先登记。")
            raise Invalid(message, fields={"person": message}, rule="个人信息保护法第三十一条")


def _guards(person: Person, members: list[Person]) -> bool:
    """Whether the person is the guardian of one of the members."""
    return any(member.guardian_id == person.pk for member in members)


@HOUSEHOLD.transition("withdraw_consent")
def withdraw_consent(household: Household, *, by: Actor, consent: Consent) -> None:
    """End a consent: no more data is passed on, and providers stop using and delete what they have.

    Assistance that the law owes continues (PIPL 15, 47). Raises ``Invalid`` for a consent that has
    ended already.
    """
    if consent.household_id != household.pk or not consent.holds:
        message = _("这项同意已经失效。")
        raise Invalid(message, fields={"consent": message})
    consent.withdrawn_at = moments.now()
    consent.save(update_fields=["withdrawn_at"])
    on_withdrawal.call(consent, by)


@withdraw_consent.lacks
def nothing_to_withdraw(households: Sequence[Household]) -> dict[int, Refused]:
    """Why nothing is withdrawn: no consent is in force."""
    unended = Q(valid_to=None) | Q(valid_to__gte=moments.today())
    held = Consent.objects.filter(unended, household__in=households, withdrawn_at=None).order_by()
    holding = set(held.values_list("household", flat=True).distinct())
    words = gettext_lazy("这户现在没有有效的同意。")
    return {
        household.pk: Refused(words, rule="个人信息保护法第十五条")
        for household in households
        if household.pk not in holding
    }
