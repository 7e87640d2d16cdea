"""Duplicate, excess, overlapping and missing help: found, explained, set aside with reason."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from catalog.items.models import Item
from foundation import moments
from foundation.refusals import Invalid, NotYours
from foundation.roles import Role
from foundation.rules import reading
from households.help_received import helping
from organizations.bodies.models import Organization
from organizations.responsibilities.need_kinds import NeedKind
from referrals.needs import checks, missing, triage
from referrals.needs.models import MissingHelp, Need, Override
from referrals.offers import offering
from referrals.offers.ask import Ask
from referrals.service import delivery
from tests import factories
from tests.statements import sent_by


def helped(household, **given):
    fields = {
        "source": "charity",
        "giver_id": Organization.objects.get(code="minzheng").pk,
        "what": "帮助",
        **given,
    }
    return helping.record_help(household, **fields)


def kinds(findings) -> list[str]:
    return [finding.key for finding in findings]


def item(code: str = "B01.01") -> Item:
    return Item.objects.in_force().get(code=code)


def test_a_need_that_is_handled_in_another_matter_is_a_duplicate_and_says_which():
    first = factories.TransferredNeed()
    household = first.matter.household
    number = household.head.person.id_number.plain()
    again = factories.OpenNeed(kind="medical", id_number=number)
    found = checks.of_need(again)
    assert kinds(found) == ["same_need:medical"]
    assert first.matter.number in found[0].words
    assert (found[0].rule, found[0].version) == ("checks.repeat", 0)


def test_a_need_met_lately_is_a_duplicate_until_its_days_are_over():
    need = factories.OpenNeed()
    helped(need.matter.household, need_kind="care", what="陪护")
    assert kinds(checks.of_need(need)) == ["same_need:care"]
    with moments.as_of(moments.now() + timedelta(days=91)):
        assert checks.of_need(need) == []


def test_what_speaks_against_the_needs_of_a_case_is_read_at_once():
    first = factories.OpenNeed()
    matter, window = first.matter, factories.window_of(first.matter.town)
    sent = {}
    for number, kind in enumerate([kind for kind in NeedKind.values if kind != "care"][:6], 1):
        need = triage.add(by=window, matter=matter, kind=kind)
        helped(matter.household, need_kind=kind)
        checks.require(checks.of_need(need), need, by=window, reason="已核实。")
        needs = list(matter.needs.all())
        with reading.remembered.meanwhile():
            sent[number] = len(sent_by(checks.of_needs, needs))
        found = checks.of_needs(needs)
        assert found == {need.pk: checks.of_need(need) for need in matter.needs.all()}
        assert not found[need.pk][0].stands
    assert set(sent.values()) == {sent[1]}


def test_a_need_is_no_repetition_of_the_help_that_met_it():
    granted = factories.TransferredNeed()
    handler = factories.PersonOf(role=Role.HANDLER, role__organization=granted.body).memberships.get().actor()
    triage.grant(granted, by=handler, result="已报销", amount=Decimal("800"))
    assert checks.of_need(Need.objects.get(pk=granted.pk)) == []
    number = granted.matter.household.head.person.id_number.plain()
    again = factories.OpenNeed(kind=granted.kind, id_number=number)
    assert kinds(checks.of_need(again)) == [f"same_need:{granted.kind}"]


def test_a_need_whose_service_ended_is_no_repetition_of_that_service(who):
    running = factories.ReferralInService()
    delivery.end_early(running, by=factories.coordinator_of(running), reason="机构无人")
    need = Need.objects.get(pk=running.need_id)
    assert need.matter.household.help_received.filter(need_kind=need.kind).exists()
    assert checks.of_need(need) == []


def test_help_told_from_outside_counts_against_duplicates(who):
    need = factories.OpenNeed()
    helping.tell_help(
        need.matter.household,
        by=who("chuangkou"),
        told_giver="某基金会",
        what="护工费",
        on=moments.today(),
        need_kind="care",
    )
    found = checks.of_need(Need.objects.get(pk=need.pk))
    assert "某基金会" in found[0].words


def test_the_same_item_again_or_still_running_is_a_duplicate():
    running = factories.ReferralInService()
    number = running.need.matter.household.head.person.id_number.plain()
    need = factories.OpenNeed(kind="care", id_number=number)
    assert "same_item:B01.01" in kinds(checks.of_help(need, item(), Decimal("0")))


def test_a_total_over_the_ceiling_of_the_category_is_an_excess_with_its_sums():
    need = factories.OpenNeed()
    helped(need.matter.household, amount=Decimal("29900"))
    assert checks.of_help(need, None, Decimal("100")) == []
    found = checks.of_help(need, None, Decimal("100.01"))
    assert kinds(found) == ["ceiling"]
    assert "29,900.00" in found[0].words
    assert "30,000.00" in found[0].words


def test_help_outside_the_period_does_not_count_against_the_ceiling():
    need = factories.OpenNeed()
    with moments.as_of(moments.now() - timedelta(days=370)):
        helped(need.matter.household, amount=Decimal("29900"))
    assert checks.of_help(need, None, Decimal("5000")) == []


def test_two_programmes_of_the_rule_overlap_while_both_run():
    need = factories.OpenNeed()
    helped(need.matter.household, item_code="B01.02", what="住院陪护")
    found = [each for each in checks.of_help(need, item(), Decimal("0")) if each.kind == "overlap"]
    assert kinds(found) == ["overlap:B01.01+B01.02"]


def test_a_referral_against_a_finding_needs_a_reason_which_is_kept(who):
    need = factories.OpenNeed()
    helped(need.matter.household, need_kind="care")
    provider = factories.AccreditedProvider()
    offer = factories.AcceptedOffer(provider=provider)
    factories.ContractInForce(provider=provider)
    given = {"offer_id": offer.pk, "ask": Ask(units=4, goal="x"), "choice_reason": "家庭选择"}
    window = who("chuangkou")
    with pytest.raises(Invalid) as refusal:
        offering.send(need, by=window, **given)
    assert "override_reason" in refusal.value.fields
    referral = offering.send(need, by=window, override_reason="病情加重，需增加", **given)
    assert referral.choice["override"] == "病情加重，需增加"
    kept = Override.objects.get(need=need)
    assert (kept.key, kept.actor_name) == ("same_need:care", window.name)
    assert not checks.of_need(Need.objects.get(pk=need.pk))[0].stands


def test_a_grant_over_the_ceiling_is_refused_without_a_reason():
    need = factories.TransferredNeed()
    body = need.body
    handler = factories.PersonOf(role=Role.HANDLER, role__organization=body).memberships.get().actor()
    with pytest.raises(Invalid) as refusal:
        triage.grant(need, by=handler, result="医疗救助", amount=Decimal("30001"))
    assert "override_reason" in refusal.value.fields
    need = triage.grant(
        need, by=handler, result="医疗救助", amount=Decimal("30001"), override_reason="重大疾病"
    )
    assert need.granted == Decimal("30001")


def test_what_was_set_aside_cannot_be_changed_afterwards():
    need = factories.OpenNeed()
    window = factories.window_of(need.town)
    checks.set_aside(need.matter.household, "ceiling", "x", by=window, reason="r", need=need)
    with pytest.raises(DatabaseError), transaction.atomic():
        Override.objects.update(reason="x")


def test_help_follows_a_person_into_another_household():
    running = factories.ReferralInService()
    coordinator = factories.member_of(running.provider)
    person = running.need.matter.household.head.person
    Need.objects.filter(pk=running.need_id).update(person=person)
    delivery.complete(running, by=coordinator, outcome="好", goal_level=3)
    home = person.homes.get()
    home.valid_to = moments.today()
    home.save()
    need = factories.OpenNeed(id_number=person.id_number.plain())
    assert kinds(checks.of_need(need)) == ["same_need:care"]


# --- missing ----------------------------------------------------------------------------


def gap_of(actor, household, kind):
    missing.look_again()
    return [gap for gap in found_by(actor) if gap.household == household and gap.kind == kind]


def found_by(actor):
    return [*missing.in_words(missing.found(actor)), *missing.waiting_in_words(missing.waiting(actor))]


def test_a_category_that_usually_needs_something_nobody_offered_is_shown_with_the_reason(who):
    household = factories.AcceptedMatter(kind="living", category="extremely_poor").household
    found = gap_of(who("chuangkou"), household, "care")
    assert "特困供养" in found[0].words
    assert gap_of(who("chuangkou2"), household, "care") == []


def test_whoever_asked_for_it_or_got_it_is_not_missing_it(who):
    asked = factories.AcceptedMatter(kind="care", category="extremely_poor").household
    got = factories.AcceptedMatter(kind="living", category="extremely_poor").household
    helped(got, need_kind="care")
    for household in (asked, got):
        assert gap_of(who("chuangkou"), household, "care") == []


def test_a_gap_is_dismissed_with_a_reason_by_its_own_window_only(who):
    household = factories.AcceptedMatter(kind="living", category="extremely_poor").household
    with pytest.raises(Invalid):
        missing.dismiss(household, by=who("chuangkou"), kind="care", reason=" ")
    with pytest.raises(NotYours):
        missing.dismiss(household, by=who("chuangkou2"), kind="care", reason="有子女照料")
    missing.dismiss(household, by=who("chuangkou"), kind="care", reason="有子女照料")
    assert gap_of(who("chuangkou"), household, "care") == []


def test_what_was_found_in_the_night_is_asked_again_when_it_is_read(who, django_assert_num_queries):
    first, second = (
        factories.AcceptedMatter(kind="living", category="extremely_poor").household for _each in range(2)
    )
    missing.look_again()
    window = who("chuangkou")
    assert {gap.household for gap in found_by(window)} >= {first, second}
    helped(first, need_kind="care")
    with reading.remembered.meanwhile(), django_assert_num_queries(3):  # however many there are
        found = {gap.household for gap in found_by(window)}
    assert first not in found
    assert second in found
    missing.dismiss(second, by=window, kind="care", reason="有子女照料")
    assert not MissingHelp.objects.filter(household=second).exists()


def test_what_is_kept_is_what_another_search_finds():
    for _each in range(3):
        factories.AcceptedMatter(kind="living", category="extremely_poor")
    count = missing.look_again()
    kept = set(MissingHelp.objects.values_list("household", "kind"))
    assert len(kept) == count >= 3
    households = missing._never_offered("extremely_poor", "care", 365)
    assert {pk for pk, kind in kept if kind == "care"} == set(households.values_list("pk", flat=True))
    assert missing.look_again() == count
    assert set(MissingHelp.objects.values_list("household", "kind")) == kept


def test_a_need_that_nobody_was_asked_for_in_a_week_is_missing_help(who):
    need = factories.OpenNeed()
    assert gap_of(who("chuangkou"), need.matter.household, "care") == []
    with moments.as_of(moments.now() + timedelta(days=8)):
        found = gap_of(who("chuangkou"), need.matter.household, "care")
    assert found[0].need == need


def test_a_gap_leads_to_a_matter_of_its_own(client_of):
    household = factories.AcceptedMatter(kind="living", category="extremely_poor").household
    client = client_of("chuangkou")
    missing.look_again()
    page = client.get("/missing-help/").content.decode()
    assert f"household={household.number}&amp;kind=care" in page
    answer = client.post(
        "/matters/new/find/", {"household": household.number, "kind": "care", "story": "上门看过，无人照料"}
    )
    assert answer.status_code == 302
    assert household.matters.filter(channel="found").get().needs.get().kind == "care"
