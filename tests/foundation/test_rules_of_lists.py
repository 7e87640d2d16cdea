"""Rules whose parts are lists: a change says what is added and taken away, and every wrong item is named."""

from __future__ import annotations

import re

import pytest

from foundation.refusals import Refused
from foundation.roles import Role
from foundation.rules import changing, reading
from foundation.rules.models import RuleVersion

PAIRS = "people.incompatible"


def a_pair_more() -> tuple[dict, list, list]:
    """A value of the pairs with one more and one less, and these two."""
    value = dict(reading.current(PAIRS).value)
    added, removed = ["civil_affairs", "window"], value["with_leave"][0]
    return {"never": [*value["never"], added], "with_leave": value["with_leave"][1:]}, added, removed


def test_of_a_list_what_is_added_and_taken_away_is_shown_wherever_a_change_is(client_of, api_of, who):
    value, added, removed = a_pair_more()
    version = changing.propose(by=who("minzheng"), rule=PAIRS, value=value, note="x")
    more, less = (" + ".join(str(Role(code).label) for code in pair) for pair in (added, removed))
    second = client_of("minzheng2")
    typed = {"rule": PAIRS, "shown-for": PAIRS, "search": "rule", "key": "k", "note": "x"}
    for name, pairs in value.items():
        typed[f"value.{name}"] = "\n".join(" + ".join(pair) for pair in pairs)
    pages = [
        second.get(version.get_absolute_url()),
        second.get(f"{version.get_absolute_url()}approve/"),
        second.post("/rules/new/propose/", typed),
    ]
    for page in pages:
        told = re.sub(r"<details.*?</details>", "", page.content.decode(), flags=re.DOTALL)
        told = re.sub(r"<textarea.*?</textarea>", "", told, flags=re.DOTALL)
        assert f"<strong>新增\uff1a{more}</strong>" in told
        assert f"<strong>去掉\uff1a{less}</strong>" in told
        kept = " + ".join(str(Role(code).label) for code in value["never"][0])
        assert kept not in told, "what does not change is not written out"
    changes = api_of("minzheng2").get(f"/api/v1/rules/{version.pk}/effect").json()["changes"]
    assert [(one["added"], one["removed"]) for one in changes] == [([more], []), ([], [less])]


def test_a_proposal_overtaken_says_of_a_list_what_it_would_add_now(who):
    value, *_pairs = a_pair_more()
    stale = changing.propose(by=who("minzheng"), rule=PAIRS, value=value, note="x")
    other = {**value, "with_leave": reading.current(PAIRS).value["with_leave"]}
    meanwhile = changing.propose(by=who("minzheng"), rule=PAIRS, value=other, note="y")
    changing.approve(meanwhile, by=who("minzheng2"))
    with pytest.raises(Refused) as refusal:
        changing.approve(stale, by=who("minzheng2"))
    assert "要去掉" in str(refusal.value.message)
    assert "新增" not in str(refusal.value.message)


def test_every_wrong_item_of_a_list_is_named_at_once(client_of):
    own = reading.current(PAIRS).value["never"]
    lines = [" + ".join(pair) for pair in own[:2]] + [" + ".join(own[0]), "局长 + 财政", "民政"]
    typed = {
        "rule": PAIRS,
        "shown-for": PAIRS,
        "value.never": "\n".join(lines),
        "value.with_leave": "",
        "note": "x",
        "key": "k",
    }
    answer = client_of("minzheng").post("/rules/new/propose/", typed)
    assert answer.status_code == 422
    told = " ".join(answer.context["form"].errors["value.never"])
    repeated = " + ".join(str(Role(code).label) for code in own[0])
    assert f"重复的项\uff1a“{repeated}”" in told
    assert "不在列表中\uff1a“局长”" in told
    assert "不是一对\uff1a“民政”" in told
    assert "B01.01" not in told, "an example is one of what may be written"


@pytest.mark.parametrize(
    "value", [{"roles": None}, {}, {"roles": 0}, {"roles": ""}], ids=["null", "left out", "zero", "no text"]
)
def test_a_program_empties_no_list_by_null_or_by_leaving_it_out(api_of, value):
    key = "sign_in.second_factor"
    full = {path: part for path, part in reading.current(key).value.items() if path != "roles"}
    sent = {"rule": key, "value": {**full, **value}, "note": "x"}
    answer = api_of("minzheng").post("/api/v1/rules/propose", sent, format="json")
    assert (answer.status_code, set(answer.json()["errors"])) == (400, {"value.roles"})
    assert not RuleVersion.objects.filter(key=key, note="x").exists()
