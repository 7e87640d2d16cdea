"""A consent that is withdrawn, and a death: what ends and what goes on."""

from __future__ import annotations

import pytest

from foundation import moments
from foundation.inbox.models import Notice
from foundation.messaging.models import Message
from foundation.refusals import Invalid
from foundation.roles import Role
from households.consents import giving
from households.register import members
from referrals.matching import ranking
from referrals.offers import offering, progress
from referrals.offers.ask import Ask
from tests import factories


def test_withdrawn_consent_ends_the_service_and_deletes_what_was_handed_on(served, who):
    household = served.need.matter.household
    giving.withdraw_consent(household, by=who("chuangkou"), consent=served.consent)
    served.refresh_from_db()
    served.need.refresh_from_db()
    assert (served.status, served.need.status) == ("ended_early", "unmet")
    assert not served.contact_name
    told = Notice.objects.filter(object_id=served.pk, role="coordinator", texts__icontains="删除")
    assert told.exists()


def test_help_that_law_owes_goes_on_after_a_withdrawal(who):
    need = factories.TransferredNeed()
    household = need.matter.household
    giving.withdraw_consent(household, by=who("chuangkou"), consent=household.consents.get())
    need.refresh_from_db()
    assert need.status == "transferred"


def test_a_household_that_withdrew_is_not_referred_even_in_an_emergency(who):
    factories.OfferedReferral()  # there is a provider with a contract
    need = factories.OpenNeed(urgent=True)
    household = need.matter.household
    giving.withdraw_consent(household, by=who("chuangkou"), consent=household.consents.get())
    offer = ranking.rank(need).candidates[0].offer_id
    with pytest.raises(Invalid, match="撤回"):
        offering.send(need, by=who("chuangkou"), offer_id=offer, ask=Ask(units=1, goal="x"))


def test_an_emergency_is_referred_before_the_consent_is_signed(who):
    factories.OfferedReferral()  # there is a provider with a contract
    need = factories.OpenNeed(urgent=True, consent=False)
    offer = ranking.rank(need).candidates[0].offer_id
    referral = offering.send(need, by=who("chuangkou"), offer_id=offer, ask=Ask(units=1, goal="x"))
    referral = offering.accept(referral, by=factories.coordinator_of(referral))
    assert (referral.consent, referral.contact_phone.plain()) == (None, "13800000000")
    assert referral.choice["data"] == "个人信息保护法第十三条第四项"


def test_a_death_closes_what_was_open_with_kindness_and_asks_nobody(served, who):
    household = served.need.matter.household
    member, told = household.members.get(), Message.objects.filter(about="result").count()
    members.record_death(household, by=who("chuangkou"), member=member, on=moments.today())
    served.refresh_from_db()
    served.need.refresh_from_db()
    served.need.matter.refresh_from_db()
    assert (served.status, served.need.status, served.need.matter.status) == ("closed",) * 3
    served.line.refresh_from_db()
    assert (served.line.reserved, served.line.used) == (0, 1)
    assert served.line.deliveries.count() == 1
    assert Message.objects.filter(about="result").count() == told
    theirs = Notice.objects.filter(object_id=served.pk, role=Role.SOCIAL_WORKER, user_id=served.worker_id)
    assert theirs.filter(texts__icontains="去世").count() == 1


def test_a_death_leaves_the_needs_of_the_others(served, who):
    household = served.need.matter.household
    household = members.add_member(
        household, by=who("chuangkou"), name="李四", id_number=factories.new_id_number(), relation="spouse"
    )
    member = household.members.get(relation="spouse")
    members.record_death(household, by=who("chuangkou"), member=member, on=moments.today())
    served.refresh_from_db()
    assert served.status == "in_service"


def shown(referral) -> list[str]:
    referral.refresh_from_db()
    return [f"{step.words} {step.stands}" for step in progress.steps_of(referral)]


def test_progress_cut_off_by_a_death_shows_what_was_reached_and_that_it_ended(who):
    offered = factories.OfferedReferral()
    assert shown(offered)[:2] == ["找机构 now", "机构已接受 ahead"]
    household = offered.need.matter.household
    member = household.members.get()
    members.record_death(household, by=who("chuangkou"), member=member, on=moments.today())
    assert shown(offered) == ["找机构 done", "因去世办结 over"]


def test_progress_of_a_service_cut_off_by_a_death_goes_as_far_as_it_was_served(served, who):
    household = served.need.matter.household
    member = household.members.get()
    members.record_death(household, by=who("chuangkou"), member=member, on=moments.today())
    assert shown(served) == [
        "找机构 done",
        "机构已接受 done",
        "已定计划 done",
        "服务中 done",
        "因去世办结 over",
    ]


def test_progress_of_a_service_that_ended_early_ticks_no_step_that_was_never_reached(who):
    accepted = factories.AcceptedReferral()
    household = accepted.need.matter.household
    giving.withdraw_consent(household, by=who("chuangkou"), consent=accepted.consent)
    assert shown(accepted) == [
        "找机构 done",
        "机构已接受 done",
        "已定计划 ahead",
        "服务中 ahead",
        "服务结束 now",
        "结果已告知 ahead",
    ]
