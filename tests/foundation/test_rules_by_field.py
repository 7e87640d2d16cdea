"""Rules part by part: every part has its label, unit and limits, and what is wrong is said at it, through both doors."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.utils import translation

from foundation.deadlines.models import Clock
from foundation.refusals import Invalid
from foundation.rules import changing, checks, differing, effects, fields, reading
from foundation.rules.inputs import input_for
from foundation.rules.models import RuleVersion
from foundation.wording import labelled
from organizations.signing_in import gate
from tests import factories

PROPOSE = "/rules/new/propose/"
RULES = [pytest.param(key, id=key) for key in sorted(reading.defaults())]


def parts_of(key: str, **changed: Any) -> dict[str, Any]:
    """What the page sends of a rule as it is, with some parts changed."""
    rule = reading.current(key)
    sent: dict[str, Any] = {"rule": key, "shown-for": key, "note": "按通知调整", "key": "k"}
    for path, value in fields.leaves(rule.value).items():
        shown = input_for(rule.fields[path]).prepare_value(value)
        sent[f"value.{path}"] = shown
    return {**sent, **{f"value.{path}": value for path, value in changed.items()}}


# --- every part -------------------------------------------------------------------------


def proposed() -> list[object]:
    """The values that were proposed, but for what the demonstration has begun with."""
    return [version.value for version in RuleVersion.objects.exclude(key=gate.FACTOR)]


@pytest.mark.parametrize("key", RULES)
def test_every_part_has_label_unit_and_limits_and_the_default_is_within_them(key):
    assert list(checks.faults_of(reading.default(key))) == []


@pytest.mark.parametrize("key", RULES)
def test_the_present_value_is_typed_and_read_back_as_it_is(key):
    rule = reading.current(key)
    for path, value in fields.leaves(rule.value).items():
        field = input_for(rule.fields[path])
        shown = field.prepare_value(value)
        assert field.clean(shown if isinstance(shown, list) else str(shown)) == value, path


@pytest.mark.parametrize("key", RULES)
def test_every_rule_is_typed_by_page_as_it_is_and_nothing_of_it_is_json(client_of, key):
    """What is sent as it is shown is read as it is in force: then there is nothing to propose."""
    client = client_of("minzheng")
    page = client.get(PROPOSE, {"rule": key}).content.decode()
    for field in reading.current(key).fields.values():
        assert f'name="value.{field.path}"' in page
        assert field.label in page
    assert "{&quot;" not in page
    answer = client.post(PROPOSE, parts_of(key))
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"value"}
    assert "没有改动" in str(answer.context["form"].errors["value"])


def test_labels_are_there_in_english():
    with translation.override("en"):
        for rule in reading.defaults().values():
            for field in rule.fields.values():
                assert field.label
                assert field.number is False or field.limits


@pytest.mark.parametrize(
    "slip,said",
    [
        ({"label_en": " "}, "label"),
        ({"unit": "parsecs"}, "unit"),
        ({"least": 9, "most": 1}, "above"),
        ({"most": 1}, "default"),
    ],
)
def test_the_check_tells_of_a_slip(slip, said):
    rule = reading.default("contract.longest")
    wrong = replace(rule, fields={"years": replace(rule.fields["years"], **slip)})
    assert any(said in fault for fault in checks.faults_of(wrong))
    assert any("no field" in fault for fault in checks.faults_of(replace(rule, fields={})))


# --- what is wrong ----------------------------------------------------------------------


WRONG = [
    ("contract.longest", {"years": "0"}, "years", "应在 1 至 5 年之间"),
    ("contract.longest", {"years": "2.5"}, "years", "应是整数"),
    ("contract.longest", {"years": "三年"}, "years", "不是数"),
    ("contract.longest", {"years": ""}, "years", ""),
    ("deadline.referral.answer", {"amount": "0"}, "amount", "应在"),
    ("deadline.referral.answer", {"unit": "weeks"}, "unit", ""),
    ("deadline.referral.answer", {"remind_hours": "48"}, "remind_hours", "提醒应在期限之内"),
    ("deadlines.escalation", {"days": "3、7、5"}, "days", "后一个数应比前一个大"),
    ("deadlines.escalation", {"days": "3、七"}, "days", "不是数"),
    ("matching.weights", {"distance": "30"}, "fairness", "合计应为 100"),
    ("procurement.thresholds", {"small_below": "500万元"}, "open_from", "不能小于"),
    ("exit.panel", {"members": "4"}, "members", "单数"),
    ("contract.final_shares", {"fail": "90"}, "pass", "不能小于"),
    ("checks.overlaps", {"pairs": "B01.01"}, "pairs", "每一对"),
    ("checks.overlaps", {"pairs": "B01.01 + B01.01"}, "pairs", "每一对"),
    ("checks.overlaps", {"pairs": "A01 + A02\nA01 + A02"}, "pairs", "重复"),
    ("supplement.proposal", {"kinds": ["gold"]}, "kinds", ""),
    ("supplement.proposal", {"categories": []}, "categories", ""),
    ("procurement.method.open", {"ocds": "secret"}, "ocds", ""),
    ("procurement.method.open", {"justified": "maybe"}, "justified", ""),
    ("procurement.method.open", {"price_least": "40"}, "price_most", "不能小于"),
]


@pytest.mark.parametrize("key,changed,path,said", WRONG)
def test_a_wrong_part_is_told_at_its_field_and_what_was_typed_stays(client_of, key, changed, path, said):
    answer = client_of("minzheng").post(PROPOSE, parts_of(key, **changed))
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert f"value.{path}" in errors
    assert said in str(errors[f"value.{path}"])
    for name, value in changed.items():
        choosing = reading.current(key).fields[name].unit in ("one", "several", "yes_no")
        assert choosing or value.split("\n")[0] in answer.content.decode()
    assert proposed() == []


@pytest.mark.parametrize("typed,kept", [("2 年", 2), ("２", 2), ("2.0", 2)])
def test_a_number_is_read_with_its_unit(client_of, typed, kept):
    assert client_of("minzheng").post(PROPOSE, parts_of("contract.longest", years=typed)).status_code == 302
    assert proposed() == [{"years": kept}]


def test_an_amount_is_read_as_people_write_it(client_of):
    sent = parts_of("procurement.thresholds", open_from="500万元", small_below="60 万")
    assert client_of("minzheng").post(PROPOSE, sent).status_code == 302
    assert proposed() == [{"open_from": 5_000_000, "small_below": 600_000}]


@pytest.mark.parametrize(
    "key,value,errors",
    [
        ("contract.longest", {"years": 9}, {"value.years"}),
        ("contract.longest", {"years": True}, {"value.years"}),
        ("contract.longest", {"years": [3]}, {"value.years"}),
        ("contract.longest", {"years": {"a": 3}}, {"value.years", "value"}),
        ("contract.longest", {}, {"value.years"}),
        ("contract.longest", {"years": 3, "more": 1}, {"value"}),
        ("contract.longest", [3], {"value"}),
        ("contract.longest", 3, {"value"}),
        ("contract.longest", None, {"value.years"}),
        ("deadline.referral.answer", {"amount": 0, "unit": "weeks", "remind_hours": -1}, set()),
        ("matching.weights", {"distance": 1, "answer": 1, "score": 1, "places": 1, "fairness": 1}, set()),
        ("checks.missing", {"days": 365, "waiting_days": 7, "expected": {"temporary": ["gold"]}}, set()),
        ("procurement.method.open", {"justified": 2}, {"value.justified"}),
        ("nothing", {"years": 3}, {"rule"}),
    ],
)
def test_a_program_is_told_at_each_part(api_of, key, value, errors):
    answer = api_of("minzheng").post(
        "/api/v1/rules/propose", {"rule": key, "value": value, "note": "试行"}, format="json"
    )
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("application/problem+json")
    found = answer.json()["errors"]
    assert errors <= found.keys()
    assert all(name == "rule" or name.split(".")[0] == "value" for name in found)
    assert proposed() == []


@pytest.mark.parametrize("key", RULES)
def test_the_object_that_a_program_reads_is_the_one_in_force(api_of, key):
    value = reading.current(key).value
    answer = api_of("minzheng").post(
        "/api/v1/rules/propose", {"rule": key, "value": value, "note": "试行"}, format="json"
    )
    assert answer.status_code == 400, answer.content
    assert answer.json()["errors"].keys() == {"value"}
    assert "没有改动" in answer.json()["errors"]["value"][0]


def test_a_program_proposes_the_object_that_it_read_with_another_part(api_of):
    value = {**reading.current("procurement.method.open").value, "days": 25}
    sent = {"rule": "procurement.method.open", "value": value, "note": "试行"}
    answer = api_of("minzheng").post("/api/v1/rules/propose", sent, format="json")
    assert answer.status_code == 201, answer.content
    assert answer.json()["value"] == value


def test_the_action_says_the_same(who):
    with pytest.raises(Invalid) as refused:
        changing.propose(
            by=who("minzheng"),
            rule="matching.weights",
            value={"distance": 1, "answer": 1, "score": 1, "places": 1, "fairness": 1},
            note="x",
        )
    assert set(refused.value.fields) == {"value.fairness"}
    made = changing.propose(by=who("minzheng"), rule="contract.longest", value={"years": 2.0}, note="x")
    assert repr(made.value) == "{'years': 2}"


# --- another rule, and the preview ------------------------------------------------------


def test_another_rule_shows_its_own_present_parts_and_is_not_taken_with_those_of_the_first(client_of):
    client = client_of("minzheng")
    sent = {**parts_of("deadline.referral.answer", amount="9"), "rule": "deadline.need.handling"}
    shown = client.post(PROPOSE, {**sent, "search": "rule"})
    assert shown.context["form"]["value.amount"].value() == 15
    refused = client.post(PROPOSE, sent)
    assert refused.status_code == 422
    assert "rule" in refused.context["form"].errors
    assert proposed() == []


def test_the_form_says_what_would_change_before_it_is_sent(client_of):
    factories.OpenNeed(kind="living")
    sent = {**parts_of("deadline.need.transfer", amount="3", unit="calendar_days"), "search": "rule"}
    page = client_of("minzheng").post(PROPOSE, sent).content.decode()
    assert "2" in page
    assert "自然日" in page
    assert "正在计时的 1 个时限仍按各自开始时的规定走" in page
    assert "/basis/" in page  # the clause, linked to its text
    wrong = client_of("minzheng").post(PROPOSE, {**sent, "value.amount": "x"}).content.decode()
    assert "这些填错了" in wrong
    assert labelled(reading.current("deadline.need.transfer").fields["amount"].label, "") in wrong


def test_whoever_approves_sees_what_changes(client_of, who):
    rule = reading.current("matching.weights")
    version = changing.propose(
        by=who("minzheng"), rule=rule.key, value={**rule.value, "distance": 15, "fairness": 20}, note="x"
    )
    page = client_of("minzheng2").get(version.get_absolute_url()).content.decode()
    assert "距离" in page
    effect = effects.effect_of(rule, version.value)
    assert [(one.label, one.before, one.after) for one in effect.changes] == [
        ("距离", "25 分", "15 分"),
        ("均衡", "10 分", "20 分"),
    ]
    assert effect.running is None


def test_running_clocks_keep_their_rule_as_the_preview_says(who):
    need = factories.OpenNeed(kind="living")
    clock = Clock.objects.get(object_id=need.pk, rule_key="need.transfer")
    factories.rule("deadline.need.transfer", amount=9)
    clock.refresh_from_db()
    assert clock.rule_version == 0
    rule = reading.current("deadline.need.transfer")
    assert effects.effect_of(rule, rule.value).running == 1


def test_another_time_of_a_deadline_is_told_with_what_it_counts():
    rule = reading.default("deadline.referral.answer")
    later = {**rule.value, "amount": 36, "unit": "hours"}
    (time, *_others) = differing.changes(rule.fields, rule.value, later)
    assert (time.before, time.after) == (f"{rule.value['amount']} 个工作日", "36 小时")
