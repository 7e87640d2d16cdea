"""The other doors and the hard cases, by the API alone."""

from __future__ import annotations

import pytest

from households.register.models import Household
from organizations.people.models import Membership, User
from organizations.places.models import Place
from referrals.needs import missing
from referrals.needs.models import Need
from referrals.offers.models import Referral
from tests import factories

pytestmark = pytest.mark.story


@pytest.fixture
def call(api_of):
    clients: dict = {}

    def ask(username: str, method: str, path: str, body: dict | None = None):
        if username not in clients:
            clients[username] = api_of(username)
        client = clients[username]
        if method == "GET":
            return client.get(f"/api/v1/{path}")
        return client.post(f"/api/v1/{path}", body or {}, format="json")

    return ask


def test_a_hotline_order_goes_the_whole_way_and_comes_back_with_the_answer(call):
    village = Place.objects.get(name="虹桥社区").code
    body = {
        "order": "JY-77",
        "place": village,
        "name": "来电人",
        "phone": "13900000077",
        "urgent": True,
        "story": "邻居老人独居，两天没有出门",
    }
    made = call("rexian", "POST", "matters/report_by_hotline", body)
    assert made.status_code == 201, made.content
    number = made.json()["number"]
    again = call("rexian", "POST", "matters/report_by_hotline", body)
    assert again.status_code == 400
    assert number in str(again.json())
    identity = factories.new_id_number()
    accepted = call(
        "chuangkou",
        "POST",
        f"matters/{number}/accept",
        {"needs": ["temporary"], "id_number": identity, "category": "temporary", "papers_later": True},
    )
    assert accepted.status_code == 200, accepted.content
    need = accepted.json()["needs"][0]["id"]
    moved = call("chuangkou", "POST", f"needs/{need}/transfer", {"body": _civil_affairs()})
    assert moved.status_code == 200, moved.content
    for move, given in (
        ("take_up", {}),
        ("grant", {"result": "临时救助", "amount": "9000"}),
        ("feed_back", {"words": "救助金已发放"}),
    ):
        answer = call("bumen3", "POST", f"needs/{need}/{move}", given)
        assert answer.status_code == 200, answer.content
    found = call("rexian", "GET", "matters?external_number=JY-77").json()["results"][0]
    assert found["told"] == []  # a list tells no parts
    seen = call("rexian", "GET", f"matters/{found['number']}").json()
    # That the family was told, and when; never what.
    assert len(seen["told"]) == 1 and "结果已经告诉家庭" in seen["told"][0]
    assert "救助金" not in seen["told"][0]
    assert "story" not in seen
    assert Need.objects.get(pk=need).matter.external_number == "JY-77"


def _civil_affairs() -> int:
    return Membership.objects.get(user__username="bumen3").organization_id


def test_a_household_is_kept_up_to_date_by_the_api(call):
    household = factories.AcceptedMatter().household
    here = f"households/{household.number}"
    added = call(
        "chuangkou",
        "POST",
        f"{here}/add_member",
        {"name": "李四", "id_number": factories.new_id_number(), "relation": "spouse", "counts": True},
    )
    assert added.status_code == 200, added.content
    assert len(added.json()["members"]) == 2
    told = call(
        "chuangkou",
        "POST",
        f"{here}/tell_help",
        {"told_giver": "某基金会", "what": "米面油", "on": "2026-11-01", "amount": "200"},
    )
    assert told.json()["help_received"][0]["giver"] == "某基金会"
    consent = told.json()["consents"][0]["id"]
    gone = call("chuangkou", "POST", f"{here}/withdraw_consent", {"consent": consent})
    assert gone.json()["consents"][0]["holds"] is False
    moved = call(
        "chuangkou",
        "POST",
        "relocations/propose",
        {"household": household.number, "place": Place.objects.get(name="华士社区").pk, "address": "x"},
    )
    assert moved.status_code == 201, moved.content
    assert call("chuangkou2", "POST", f"relocations/{moved.json()['id']}/accept").status_code == 200
    assert call("chuangkou", "GET", here).status_code == 404
    assert call("chuangkou2", "GET", here).json()["town"] == Place.objects.get(name="华士镇").pk


def test_a_need_is_sent_to_several_and_handed_on_by_the_api(call):
    providers = [factories.AccreditedProvider() for _ in range(3)]
    for provider in providers:
        factories.AcceptedOffer(provider=provider)
        factories.ContractInForce(provider=provider)
    need = factories.OpenNeed()
    found = call("chuangkou", "GET", f"needs/{need.pk}/candidates").json()["candidates"]
    assert {"week_left", "stale_days", "parts"} <= set(found[0])
    sent = call(
        "chuangkou",
        "POST",
        f"needs/{need.pk}/candidates",
        {"offer_id": found[0]["offer_id"], "mode": "first", "units": 4, "goal": "在家有人照应"},
    )
    assert sent.status_code == 201, sent.content
    asked = call("chuangkou", "GET", f"calls/{sent.json()['call']}").json()["referrals"]
    assert len(asked) == 5
    winner = Referral.objects.get(number=asked[-1])
    coordinator = User.objects.get(pk=factories.member_of(winner.provider).user_id)
    coordinator.set_password("liandong-2026")
    coordinator.save()
    taken = call(coordinator.username, "POST", f"referrals/{winner.number}/accept")
    assert taken.status_code == 200, taken.content
    other = next(each for each in found if each["offer_id"] != winner.offer_id)
    replaced = call(
        "chuangkou",
        "POST",
        f"referrals/{winner.number}/replace",
        {"offer_id": other["offer_id"], "units": 4, "goal": "继续", "choice_reason": "家庭希望"},
    )
    assert replaced.status_code == 201, replaced.content
    assert replaced.json()["replaces"] == winner.pk


def test_findings_and_gaps_are_read_and_set_aside_by_the_api(call):
    household = factories.AcceptedMatter(kind="living", category="extremely_poor").household
    missing.look_again()
    gaps = call("chuangkou", "GET", "missing-help").json()["results"]
    assert any(gap["household"] == household.number for gap in gaps)
    path = f"missing-help/{household.number}/care"
    assert call("chuangkou", "POST", path, {}).status_code == 400
    assert call("chuangkou", "POST", path, {"reason": "有子女照料"}).status_code == 204
    first = factories.TransferredNeed()
    number = first.matter.household.head.person.id_number.plain()
    again = factories.OpenNeed(kind="medical", id_number=number)
    found = call("chuangkou", "GET", f"needs/{again.pk}/findings").json()
    assert [each["key"] for each in found] == ["same_need:medical"]


def test_a_meeting_a_duty_and_a_rematch_by_the_api(call):
    need = factories.OpenNeed(kind="other")
    moved = call("chuangkou", "POST", f"needs/{need.pk}/bring_to_conference", {"reason": "职责不清"})
    assert moved.status_code == 200
    made = call(
        "mishu",
        "POST",
        "meetings/convene",
        {"level": "conference", "held_on": "2030-01-08", "venue": "三楼", "bodies": [_civil_affairs()]},
    )
    assert made.status_code == 201, made.content
    number = made.json()["number"]
    item = next(each for each in made.json()["items"] if each["need"] == need.pk)
    assert call("mishu", "POST", f"meetings/{number}/open").status_code == 200
    decided = call(
        "mishu",
        "POST",
        f"meetings/{number}/decide",
        {"item": item["id"], "discussion": "由民政牵头", "decision": "transfer", "body": _civil_affairs()},
    )
    assert decided.status_code == 200, decided.content
    assert call("chuangkou", "GET", f"needs/{need.pk}").json()["status"] == "transferred"
    duty = call(
        "minzheng",
        "POST",
        "duties/assign",
        {
            "organization": _civil_affairs(),
            "need_kind": "other",
            "text": "兜底",
            "basis": "文件",
            "valid_from": "2026-01-01",
        },
    )
    assert duty.status_code == 201, duty.content
    served = factories.AcceptedReferral()
    preview = call("minzheng", "POST", "rematches/preview", {"provider": served.provider_id})
    assert preview.status_code == 201, preview.content
    pk = preview.json()["id"]
    assert call("minzheng", "POST", f"rematches/{pk}/approve").status_code == 403
    assert call("minzheng2", "POST", f"rematches/{pk}/approve").status_code == 200


def test_a_household_speaks_for_itself_by_the_api(call):
    household = Household.objects.get(accounts__user__username="jiating")
    asked = call("jiating", "POST", "matters/apply", {"needs": ["care"], "story": "还要人帮"})
    assert asked.status_code == 201, asked.content
    filed = call("jiating", "POST", "complaints/file", {"about": "window", "text": "没人接电话"})
    assert filed.status_code == 201, filed.content
    assert call("chuangkou", "GET", f"complaints/{filed.json()['id']}").status_code == 404
    answered = call("minzheng", "POST", f"complaints/{filed.json()['id']}/answer", {"reply": "已整改"})
    assert answered.json()["status"] == "answered"
    consent = household.consents.first()
    gone = call("jiating", "POST", f"households/{household.number}/withdraw_consent", {"consent": consent.pk})
    assert gone.status_code == 200, gone.content
