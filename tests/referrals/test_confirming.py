"""A code for each visit: one use, few tries, a trace of every wrong one."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from demo.starter.cases import told_code
from foundation import moments
from foundation.journal.models import Entry
from foundation.messaging.models import Message
from foundation.refusals import Invalid, NotNow, NotYours, Refused
from organizations.people.models import User
from referrals.offers.models import Referral
from referrals.service import confirming, delivery
from referrals.service.models import VisitCode
from tests import factories
from tests.racing import at_once, refused


@pytest.fixture
def served():
    return factories.ReferralInService(units=8)


def visit(referral, by=None, **given):
    fields = {"on": moments.today(), "units": 1, "note": "平稳", **given}
    return delivery.record_visit(referral, by=by or factories.worker_of(referral), **fields)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_every_visit_has_a_code_of_its_own_and_a_used_one_never_works_again(served):
    first = told_code(served)
    visit(served, code=first)
    second = told_code(served)
    assert second
    assert second != first or VisitCode.objects.filter(referral=served).count() > 1
    for old in {first} - {second}:
        with pytest.raises(Invalid) as refusal:
            visit(served, code=old)
        assert "code" in refusal.value.fields
    visit(served, code=second)
    assert [each.confirmation for each in served.visits.all()[:2]] == ["code", "code"]
    assert VisitCode.objects.filter(referral=served).exclude(visit=None).count() == 2


def test_a_code_that_was_used_is_called_used_and_costs_no_try_of_the_next(served):
    used = told_code(served)
    visit(served, code=used)
    while told_code(served) == used:
        confirming.send_code(served, by=factories.worker_of(served))
    for _n in range(confirming.MOST_TRIES + 1):
        with pytest.raises(Invalid, match="已经用过") as refusal:
            visit(served, code=used)
        assert "已经用过" in refusal.value.fields["code"]
    assert not Entry.objects.filter(object_id=served.pk, move="wrong_code").exists()
    visit(served, code=told_code(served))
    assert served.visits.filter(confirmation="code").count() == 2


def test_a_code_that_was_only_replaced_or_is_of_another_service_still_costs_a_try(served):
    replaced = told_code(served)
    confirming.send_code(served, by=factories.worker_of(served))
    other = factories.ReferralInService()
    foreign = told_code(other)
    visit(other, code=foreign)
    tried = [each for each in (replaced, foreign) if each != told_code(served)]
    for each in tried:
        with pytest.raises(Invalid, match="不对"):
            visit(served, code=each)
    assert VisitCode.objects.live().filter(referral=served).get().tries == len(tried)


def test_the_code_of_another_household_is_worth_nothing(served):
    other = factories.ReferralInService()
    if told_code(other) != told_code(served):
        with pytest.raises(Invalid):
            visit(served, code=told_code(other))


def test_a_code_can_be_known_neither_from_the_number_nor_from_the_table(served):
    kept = VisitCode.objects.filter(referral=served).latest("pk")
    assert told_code(served) not in f"{kept.__dict__} {served.__dict__}"
    assert Message.objects.filter(pk=kept.message_id, about="visit-code").exists()


def test_five_wrong_codes_end_it_and_a_new_one_is_sent(served):
    right = told_code(served)
    for _n in range(confirming.MOST_TRIES):
        with pytest.raises(Invalid):
            visit(served, code=wrong(right))
    with pytest.raises(Invalid) as refusal:
        visit(served, code=right)
    assert "code" in refusal.value.fields
    confirming.send_code(served, by=factories.worker_of(served))
    fresh = told_code(served)
    visit(served, code=fresh)
    assert served.visits.first().confirmation == "code"


def test_wrong_codes_stand_in_the_journal_that_the_window_and_civil_affairs_read(served, client):
    before = served.visits.count()
    with pytest.raises(Invalid):
        visit(served, code=wrong(told_code(served)))
    assert served.visits.count() == before
    entry = Entry.objects.filter(lifecycle="referrals.Referral", move="wrong_code").latest("pk")
    assert (entry.object_id, entry.actor_id) == (served.pk, factories.worker_of(served).user_id)
    for reader in ("chuangkou", "minzheng"):
        client.force_login(User.objects.get(username=reader))
        assert "输错了家庭的确认码" in client.get(served.get_absolute_url()).content.decode()


def test_a_code_may_be_sent_a_few_times_a_day_and_only_the_newest_works(served):
    old = told_code(served)
    for _n in range(confirming.MOST_A_DAY):
        try:
            confirming.send_code(served, by=factories.worker_of(served))
        except Refused:
            break
    with pytest.raises(Refused, match="太多"):
        confirming.send_code(served, by=factories.worker_of(served))
    if old != told_code(served):
        with pytest.raises(Invalid):
            visit(served, code=old)
    with time_machine.travel(moments.now() + timedelta(days=1), tick=False):
        confirming.send_code(served, by=factories.worker_of(served))


def test_only_people_of_the_service_send_a_code_and_only_while_it_runs(served):
    other = factories.ReferralInService()
    with pytest.raises(NotYours):
        confirming.send_code(served, by=factories.worker_of(other))
    with pytest.raises(NotYours):
        confirming.send_code(served, by=factories.account_of(other.need.matter.household))
    confirming.send_code(served, by=factories.account_of(served.need.matter.household))
    with pytest.raises(NotNow):
        accepted = factories.AcceptedReferral()
        confirming.send_code(accepted, by=factories.worker_of(accepted))


def test_without_a_phone_nothing_is_sent_and_the_worker_is_told_what_else_proves(served):
    household = served.need.matter.household
    type(household).objects.filter(pk=household.pk).update(phone=None)
    Referral.objects.filter(pk=served.pk).update(contact_phone=None)
    with pytest.raises(Refused, match="签字"):
        confirming.send_code(Referral.objects.get(pk=served.pk), by=factories.worker_of(served))


@pytest.mark.parametrize("fixed", ["051086860000", "86860000", "051086860000-801", "4008001234"])
def test_a_fixed_line_takes_no_text_and_the_worker_is_told_what_else_proves(served, fixed):
    household = served.need.matter.household
    household.phone = fixed
    household.save(update_fields=["phone"])
    texts, codes = Message.objects.count(), VisitCode.objects.count()
    with pytest.raises(Refused, match=r"手机.*签字"):
        confirming.send_code(Referral.objects.get(pk=served.pk), by=factories.worker_of(served))
    assert (Message.objects.count(), VisitCode.objects.count()) == (texts, codes)


def test_pages_and_api_send_a_code_and_never_show_it_to_the_worker(served, client):
    client.force_login(User.objects.get(pk=factories.worker_of(served).user_id))
    address = f"{served.get_absolute_url()}visit-code/"
    answer = client.post(address, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert told_code(served) not in answer.content.decode()
    assert client.post(f"/api/v1/referrals/{served.number}/visit-code").status_code == 204
    for path in ("", "record-visit/"):
        page = client.get(f"{served.get_absolute_url()}{path}").content.decode()
        assert told_code(served) not in page
    client.force_login(User.objects.get(username="jigou2"))
    assert client.post(address).status_code == 404


def test_a_wrong_code_sent_by_the_page_is_counted_though_the_act_is_refused(own_database, client):
    served = factories.ReferralInService()
    client.force_login(User.objects.get(pk=factories.worker_of(served).user_id))
    body = {"on": moments.today().isoformat(), "units": "1", "note": "x", "key": "k"}
    body["code"] = wrong(told_code(served))
    answer = client.post(f"{served.get_absolute_url()}record-visit/", body)
    assert answer.status_code == 422
    assert VisitCode.objects.filter(referral=served).latest("pk").tries == 1
    assert Entry.objects.filter(object_id=served.pk, move="wrong_code").count() == 1
    answer = client.post(
        f"/api/v1/referrals/{served.number}/record_visit",
        {name: body[name] for name in ("on", "units", "note", "code")},
        content_type="application/json",
    )
    assert answer.status_code == 400
    assert VisitCode.objects.filter(referral=served).latest("pk").tries == 2


def test_guesses_at_the_same_moment_are_all_counted_and_one_code_confirms_one_visit(own_database):
    served = factories.ReferralInService(units=8)
    by = factories.worker_of(served)
    right = told_code(served)
    outcomes = at_once([lambda: visit(served, by, code=wrong(right)) for _n in range(8)])
    assert refused(outcomes) == 8
    assert VisitCode.objects.filter(referral=served).latest("pk").tries == confirming.MOST_TRIES
    confirming.send_code(served, by=by)
    right = told_code(served)
    before = served.visits.count()
    outcomes = at_once([lambda n=n: visit(served, by, code=right, key=f"k{n}") for n in range(4)])
    assert refused(outcomes) == 3
    assert served.visits.count() == before + 1


def test_a_repeated_sending_with_the_same_key_is_taken_once(served):
    code = told_code(served)
    before = served.visits.count()
    visit(served, code=code, key="k")
    visit(served, code=code, key="k")
    assert served.visits.count() == before + 1
