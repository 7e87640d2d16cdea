"""Rules are data: versioned, changed under four eyes, and remembered where they decided."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.utils import translation

from foundation import moments
from foundation.clauses.quoting import quoted
from foundation.deadlines.models import Clock
from foundation.forms.seeking import SHOWN
from foundation.lifecycle.table import LIFECYCLES, ClockFor
from foundation.moments import SHANGHAI
from foundation.refusals import Invalid, NotYours, Refused
from foundation.rules import changing, reading
from foundation.rules.forms import Propose
from foundation.rules.models import RuleVersion
from foundation.ui.pagination import PAGE
from foundation.work_items import rebuilding
from foundation.work_items.models import WorkItem
from referrals.matching import ranking
from tests import factories
from tests.racing import at_once, refused

ANSWER = "deadline.referral.answer"


@pytest.fixture
def two(who):
    return who("minzheng"), who("minzheng2")


def put_in_force(two, rule: str, value: dict) -> None:
    version = changing.propose(by=two[0], rule=rule, value=value, note="试行")
    changing.approve(version, by=two[1])


def test_the_default_is_version_0():
    rule = reading.current(ANSWER)
    assert (rule.version, rule.value["amount"]) == (0, 2)


def test_a_part_that_a_rule_got_after_a_version_was_proposed_has_its_default(two):
    value = dict(reading.current("retention.work").value)
    put_in_force(two, "retention.work", {**value, "jobs": 20})
    version = RuleVersion.objects.get(key="retention.work")
    version.value.pop("codes")
    RuleVersion.objects.filter(pk=version.pk).update(value=version.value)
    assert reading.current("retention.work").value == {**value, "jobs": 20}
    assert reading.as_it_was("retention.work", version.version).value["codes"] == value["codes"]


def test_a_proposal_that_waits_is_shown_with_the_parts_that_its_rule_got_since(two, client_of, api_of):
    value = dict(reading.current("retention.work").value)
    version = changing.propose(by=two[0], rule="retention.work", value={**value, "jobs": 20}, note="试行")
    version.value.pop("codes")
    RuleVersion.objects.filter(pk=version.pk).update(value=version.value)
    assert client_of("minzheng2").get(version.get_absolute_url()).status_code == 200
    told = api_of("minzheng2").get(f"/api/v1/rules/{version.pk}/effect")
    assert (told.status_code, len(told.json()["changes"])) == (200, 1)


def test_two_who_propose_and_two_who_approve_at_once_do_so_one_after_the_other(own_database, two):
    proposals = at_once(
        [
            lambda years=years: changing.propose(
                by=two[0], rule="contract.longest", value={"years": years}, note="试行"
            )
            for years in (1, 2)
        ]
    )
    assert refused(proposals) == 0
    waiting = list(RuleVersion.objects.filter(key="contract.longest"))
    assert {version.version for version in waiting} == {1, 2}
    approved = at_once([lambda version=version: changing.approve(version, by=two[1]) for version in waiting])
    assert refused(approved) == 1, "the other was proposed before that one was in force"
    assert RuleVersion.objects.in_force().filter(key="contract.longest").count() == 1


def test_a_proposal_changes_nothing_until_another_person_approves(two):
    changing.propose(
        by=two[0], rule=ANSWER, value={"amount": 1, "unit": "working_days", "remind_hours": 4}, note="x"
    )
    assert reading.current(ANSWER).version == 0


def test_a_new_version_rules_what_begins_after_it_and_nothing_before(two):
    with moments.as_of(datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)):
        earlier = factories.OfferedReferral()
        put_in_force(two, ANSWER, {"amount": 4, "unit": "working_days", "remind_hours": 12})
        later = factories.OfferedReferral()
    clock = Clock.objects.get(object_id=earlier.pk, rule_key="referral.answer")
    newer = Clock.objects.get(object_id=later.pk, rule_key="referral.answer")
    version = reading.current(ANSWER).version
    assert (clock.rule_version, newer.rule_version) == (0, version)
    assert clock.due_at < newer.due_at


def test_a_later_version_replaces_the_one_before(two):
    put_in_force(two, "contract.longest", {"years": 2})
    first = reading.current("contract.longest").version
    put_in_force(two, "contract.longest", {"years": 1})
    assert reading.current("contract.longest").version == first + 1
    assert reading.current("contract.longest").value == {"years": 1}


@pytest.mark.parametrize(
    "rule,value",
    [
        ("contract.longest", {"years": -1}),
        ("contract.longest", {"years": 10**30}),
        ("contract.longest", {"years": 10**400}),
        ("contract.longest", {"years": float("nan")}),
        ("contract.longest", {"years": float("inf")}),
        (ANSWER, {"amount": 1_000_000_000, "unit": "working_days", "remind_hours": 2}),
        ("contract.longest", {"years": "three"}),
        ("contract.longest", {"months": 3}),
        ("contract.longest", {"years": 3, "more": 1}),
        ("contract.longest", [3]),
        ("contract.longest", {"years": True}),
        (ANSWER, {"amount": 2, "unit": "weeks", "remind_hours": 2}),
        ("nothing", {}),
    ],
)
def test_a_value_of_another_shape_is_refused_at_its_field(two, rule, value):
    with pytest.raises(Invalid) as refusal:
        changing.propose(by=two[0], rule=rule, value=value, note="x")
    assert all(name.startswith(("value", "rule")) for name in refusal.value.fields)
    assert refusal.value.fields


def test_only_civil_affairs_proposes(who):
    with pytest.raises(NotYours):
        changing.propose(by=who("chuangkou"), rule=ANSWER, value={}, note="x")


def test_a_decision_records_the_version_it_used(two):
    put_in_force(
        two, "matching.weights", {"distance": 10, "answer": 10, "score": 10, "places": 10, "fairness": 60}
    )
    version = reading.current("matching.weights").version
    referral = factories.OfferedReferral()
    assert (referral.choice["rule"], referral.choice["version"]) == ("matching.weights", version)
    need = factories.OpenNeed()
    assert ranking.rank(need).rule_version == version


def test_every_rule_says_itself_in_both_languages():
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for rule in reading.everything():
                assert rule.title
                assert rule.said()
                assert "{" not in rule.said()


def test_every_deadline_rule_runs_a_clock_or_is_none():
    used = {
        key
        for lifecycle in LIFECYCLES.values()
        for clock in lifecycle.clocks.values()
        for key in (clock.keys if isinstance(clock, ClockFor) else (clock,))
    }
    used |= {key for lifecycle in LIFECYCLES.values() for key in lifecycle.spanning}
    declared = {key[9:] for key in reading.defaults() if key.startswith("deadline.")}
    assert declared == used


def test_reading_every_rule_is_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        reading.everything()


def test_a_version_of_a_rule_that_is_no_more_breaks_no_page(client_of):
    gone = RuleVersion.objects.create(key="evaluation.grades", version=1, value={"pass": 60}, note="旧版规则")
    client = client_of("minzheng2")
    assert client.get("/rules/").status_code == 200
    assert client.get("/workbench/").status_code == 200
    assert client.get(gone.get_absolute_url()).status_code == 404
    assert list(rebuilding.rebuild()) == []  # it waits for nobody


def test_rules_come_page_by_page(client_of):
    client, seen, address = client_of("minzheng"), [], "/rules/"
    while address:
        page = client.get(address).context["page"]
        assert len(page) <= PAGE
        seen += [rule.key for rule in page]
        address = page.older and f"/rules/{page.older}"
    assert seen == sorted(reading.defaults())


@pytest.mark.parametrize("text", ["contract.longest", "合同最长", "Longest contract"])
def test_the_rule_to_change_is_sought_by_key_and_title(client_of, text):
    page = client_of("minzheng").get(
        "/rules/new/propose/", {"seek": "rule", "rule-sought": text}, headers={"HX-Request": "true"}
    )
    assert 'value="contract.longest"' in page.content.decode()
    assert page.content.decode().count('type="radio"') <= SHOWN


def test_the_rule_to_change_is_sought_by_clause():
    clause = quoted("S16")
    found = {word.pk for word in Propose().fields["rule"].found(clause)}
    assert found == {key for key, rule in reading.defaults().items() if clause in quoted(rule.basis)}
    assert 0 < len(found) < len(reading.defaults())


def test_a_parameter_is_empty_until_a_rule_is_chosen_and_then_the_present_one(client_of):
    client, path = client_of("minzheng"), "/rules/new/propose/"
    assert client.get(path).context["form"].parts == []
    now = reading.current("contract.longest").value["years"]
    (part,) = client.get(path, {"rule": "contract.longest"}).context["form"].parts
    assert (part.value(), str(part.label)) == (now, "最长")
    chosen = client.post(path, {"search": "rule", "rule": "contract.longest", "note": "试行", "key": "k"})
    assert chosen.context["form"]["value.years"].value() == now
    assert chosen.context["form"]["note"].value() == "试行"


def test_a_rule_that_was_typed_and_not_chosen_is_asked_for(client_of):
    page = client_of("minzheng").post(
        "/rules/new/propose/", {"rule-sought": "contract.longest", "value": "{}", "note": "试行"}
    )
    assert page.status_code == 422
    assert "rule" in page.context["form"].errors
    assert not RuleVersion.objects.filter(key="contract.longest").exists()


def test_a_rule_is_read_once_while_rules_are_remembered(two, django_assert_num_queries):
    with django_assert_num_queries(1), reading.remembered.meanwhile():
        first = reading.current(ANSWER)
        assert reading.current(ANSWER) == first
        assert reading.several(ANSWER, ranking.STALE)[ANSWER] == first
    with django_assert_num_queries(2):
        reading.current(ANSWER)
        reading.current(ANSWER)


def test_what_changes_a_rule_reads_it_anew(two):
    with reading.remembered.meanwhile():
        before = reading.current(ANSWER)
    put_in_force(two, ANSWER, {**before.value, "amount": 3})
    with reading.remembered.meanwhile():
        assert reading.current(ANSWER).value["amount"] == 3


def shown(client_of, version: RuleVersion):
    """The page of a version and what it says was changed."""
    answer = client_of("shenji").get(version.get_absolute_url())
    effect = answer.context["effect"]
    changes = [(one.before, one.after) for one in effect.changes]
    return answer.content.decode(), effect.before, effect.after, changes


def test_a_version_shows_what_was_before_it_and_what_it_changed_also_once_it_is_decided(two, client_of):
    """In force, after it was replaced, and if it was rejected: each beside the rule as it was then."""
    rule = reading.current("contract.longest")
    first = changing.propose(by=two[0], rule=rule.key, value={"years": 2}, note="试行")
    stale = changing.propose(by=two[0], rule=rule.key, value={"years": 1}, note="太短")
    changing.approve(first, by=two[1])
    second = changing.propose(by=two[0], rule=rule.key, value={"years": 4}, note="放宽")
    changing.reject(stale, by=two[1], reason="不合适")
    changing.approve(second, by=two[1])
    was, two_years, one_year, four_years = (
        rule.said(value) for value in (rule.value, {"years": 2}, {"years": 1}, {"years": 4})
    )
    for version, before, after in (
        (first, was, two_years),
        (stale, two_years, one_year),
        (second, two_years, four_years),
    ):
        page, said_before, said_after, changes = shown(client_of, version)
        assert (said_before, said_after) == (before, after)
        assert len(changes) == 1
        assert "改前的参数" in page
        assert ("现行参数" in page) == (version != second), "the version in force is the present one"
    assert "改变了什么" in shown(client_of, first)[0]
    assert "本来会改变什么" in shown(client_of, stale)[0]


def test_a_proposal_that_another_change_has_overtaken_is_refused_with_the_difference(two, client_of):
    stale = changing.propose(by=two[0], rule="contract.longest", value={"years": 2}, note="一")
    other = changing.propose(by=two[0], rule="contract.longest", value={"years": 4}, note="二")
    changing.approve(other, by=two[1])
    address = f"{stale.get_absolute_url()}approve/"
    with pytest.raises(Refused, match=r"第 2 次修订生效.*现在是4 年.*改成2 年"):
        changing.approve(stale, by=two[1])
    page = client_of("minzheng2").get(stale.get_absolute_url()).content.decode()
    assert "按现行参数重新提出" in page
    assert address not in page
    assert reading.current("contract.longest").value == {"years": 4}
    row = WorkItem.objects.get(lifecycle="foundation.RuleVersion", object_id=stale.pk, role="civil_affairs")
    assert row is not None
    changing.reject(stale, by=two[1], reason="过时")


@pytest.mark.parametrize("value", [{"years": 3}, {"years": 3.0}])
def test_what_is_in_force_is_not_proposed_again(two, client_of, value):
    with pytest.raises(Invalid) as refusal:
        changing.propose(by=two[0], rule="contract.longest", value=value, note="x")
    assert "没有改动" in refusal.value.fields["value"]
    sent = {
        "rule": "contract.longest",
        "shown-for": "contract.longest",
        "value.years": "3",
        "note": "x",
        "key": "1",
    }
    answer = client_of("minzheng").post("/rules/new/propose/", sent)
    assert answer.status_code == 422
    assert "没有改动" in answer.content.decode()
    assert not RuleVersion.objects.filter(key="contract.longest").exists()


@pytest.mark.parametrize(
    "rule,changed,part",
    [
        ("people.incompatible", {"with_leave": [["finance", "civil_affairs"]]}, "with_leave"),
        ("people.incompatible", {"never": [["finance", "auditor"], ["auditor", "finance"]]}, "never"),
        ("sign_in.times", {"idle": 5, "idle_personal": 600}, "idle"),
        ("accreditation.warning", {"days": [30, 120], "ask": 90}, "ask"),
        ("service_accounts.days", {"most": 10, "warning": 14}, "most"),
        ("households.look_ups", {"an_hour": 10, "missed_an_hour": 20}, "an_hour"),
    ],
)
def test_parts_that_contradict_each_other_are_refused_at_the_part(two, rule, changed, part):
    value = {**reading.current(rule).value, **changed}
    with pytest.raises(Invalid) as refusal:
        changing.propose(by=two[0], rule=rule, value=value, note="x")
    assert set(refusal.value.fields) == {f"value.{part}"}


def test_a_version_tells_who_proposed_and_who_decided_it_when(two, client_of):
    version = changing.propose(by=two[0], rule="contract.longest", value={"years": 2}, note="试行")
    changing.approve(version, by=two[1])
    page = shown(client_of, version)[0]
    for words in ("办理经过", "提出修改规则", "复核通过\uff0c新规则生效", two[0].name, two[1].name):
        assert words in page, words


def test_a_program_reads_what_a_version_in_force_has_changed(two, api_of):
    rule = reading.current("contract.longest")
    put_in_force(two, rule.key, {"years": 2})
    version = RuleVersion.objects.get(key=rule.key)
    told = api_of("minzheng").get(f"/api/v1/rules/{version.pk}/effect").json()
    assert (told["before"], told["after"]) == (rule.said(), rule.said({"years": 2}))
    assert len(told["changes"]) == 1


def test_rules_are_sought_by_their_words_and_narrowed_to_a_part(client_of):
    client = client_of("minzheng")
    whole = client.get("/rules/").content.decode()
    assert "受理与转介" in whole
    found = client.get("/rules/?q=机构自评").context["page"]
    assert [rule.key for rule in found] == ["deadline.round.self_report"]
    assert {rule.part for rule in client.get("/rules/?part=contracts").context["page"]} == {"contracts"}
    both = client.get("/rules/?part=contracts&q=SIGN").content.decode()
    assert 'name="part" value="contracts"' in both
    nothing = client.get("/rules/?q=没有这样的规则")
    assert "没有找到规则" in nothing.content.decode()
    assert len(client.get("/rules/?part=nothing").context["page"]) == len(
        client.get("/rules/").context["page"]
    )
