"""The whole trip through the market, by the API alone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.items.models import Item
from contracts.contracts import running
from contracts.contracts.models import Contract
from contracts.invoices.models import Delivery
from demo.accounts import PASSWORD as DEMO_PASSWORD
from demo.starter.checks import all_right
from foundation import moments
from foundation.deadlines import clocks
from foundation.roles import Role
from organizations.bodies.models import Organization
from organizations.people.models import Membership, User
from organizations.places.models import Place
from organizations.providers.models import Provider
from referrals.offers.models import Referral
from tests import factories
from tests.evaluations.judging import in_days
from tests.journeys.checks import everything_is_as_it_should_be

pytestmark = pytest.mark.story

PRICE, UNITS = Decimal("45"), 3


def test_from_the_catalog_to_the_closed_door(api_of):
    keys = iter(range(1000))

    def post(username: str, path: str, body: dict | None = None, code: int = 200) -> dict:
        answer = clients[username].post(
            f"/api/v1/{path}", body or {}, format="json", headers={"Idempotency-Key": f"t{next(keys)}"}
        )
        assert answer.status_code == code, answer.content.decode()
        return answer.json()

    def get(username: str, path: str) -> dict:
        answer = clients[username].get(f"/api/v1/{path}")
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    names = (
        "minzheng",
        "minzheng2",
        "chuangkou",
        "bumen",
        "caizheng",
        "pinggu",
        "pinggu2",
        "pinggu3",
        "pinggu4",
        "pinggu5",
        "pinggu6",
    )
    clients = {name: api_of(name) for name in names}
    today = moments.today()

    # an edition
    edition = post("minzheng", "editions/draft", {"title": "新版目录"}, 201)["id"]
    post("minzheng", f"editions/{edition}/open_consultation")
    comment = post("bumen", "comments/give", {"edition": edition, "text": "建议取证"}, 201)["id"]
    refused = clients["minzheng"].post(f"/api/v1/editions/{edition}/submit", {}, format="json")
    assert refused.status_code == 409
    assert "1 条意见" in refused.json()["detail"]
    post("minzheng", f"comments/{comment}/answer", {"text": "已采纳"})
    post("minzheng", f"editions/{edition}/submit_early", {"reason": "各部门都已答复"})
    approval = {
        "document_number": "澄民发〔2026〕109号",
        "index_number": "x/109",
        "in_force_from": today.isoformat(),
    }
    four_eyes = clients["minzheng"].post(f"/api/v1/editions/{edition}/approve", approval, format="json")
    assert four_eyes.status_code == 403
    from catalog.editions import counting, publishing

    too_early = clients["minzheng2"].post(f"/api/v1/editions/{edition}/approve", approval, format="json")
    assert too_early.status_code == 409
    assert post("minzheng", f"editions/{edition}/effect", code=202)["status"] == "queued"
    counting.count_waiting(edition)
    assert get("minzheng2", f"editions/{edition}/effect")["status"] == "ready"
    post("minzheng2", f"editions/{edition}/approve", approval)

    publishing.bring_into_force()
    assert get("minzheng", f"editions/{edition}")["status"] == "in_force"
    item = Item.objects.in_force().get(code="B01.01").pk

    # a provider with its people, an offer and a contract
    town = Place.objects.get(name=factories.TOWN)
    provider_id = post(
        "minzheng",
        "providers/register",
        {
            "name": "江阴新苗社工服务中心",
            "credit_code": factories.new_credit_code(),
            "nature": "social_work_agency",
            "place": town.pk,
            "serves": [town.pk],
        },
        201,
    )["id"]
    found = {
        f"{one['item']}_{part}": one[part]
        for one in all_right()
        for part in ("found", "where", "on", "words")
    }
    factories.certified(Provider.objects.get(pk=provider_id))
    post("minzheng", f"providers/{provider_id}/check_documents", found)
    until = (
        today.replace(year=today.year + 3).isoformat()
        if (today.month, today.day) != (2, 29)
        else "2030-01-01"
    )
    post("minzheng2", f"providers/{provider_id}/accredit", {"until": until})
    provider = Provider.objects.get(pk=provider_id)
    for name, role in (("api-coordinator", Role.COORDINATOR), ("api-worker", Role.SOCIAL_WORKER)):
        user = factories.PersonOf(username=name, role=role, role__organization=provider.organization)
        user.set_password(DEMO_PASSWORD)
        user.save()
        clients[name] = api_of(name)
    offer = post(
        "api-coordinator",
        "offers/apply",
        {"item": item, "places": 5, "weekly": 20, "price": "45", "staff": "持证"},
        201,
    )
    post("minzheng", f"offers/{offer['id']}/accept")
    budget = factories.Budget()
    contract = factories.DraftContract(
        provider=provider, budget_line=budget, unit_price=Decimal("45"), quota=100
    ).number
    second = factories.actor("minzheng2").name
    post("minzheng2", f"contracts/{contract}/sign_as_buyer", {"typed": second})
    post(
        "api-coordinator",
        f"contracts/{contract}/sign_as_provider",
        {"typed": User.objects.get(username="api-coordinator").full_name},
    )
    running.follow_the_days()
    assert get("api-coordinator", f"contracts/{contract}")["status"] == "in_force"

    # intake, candidates, referral
    village = Place.objects.get(name="虹桥社区")
    matter = post(
        "chuangkou",
        "matters/accept_application",
        {
            "name": "王小明",
            "id_number": factories.new_id_number(),
            "place": village.pk,
            "category": "extremely_poor",
            "size": 1,
            "monthly_income": "900",
            "phone": "13800000000",
            "address": "示例路 1 号",
            "needs": ["care"],
            "story": "老伴卧床",
            "consent": True,
        },
        201,
    )
    need = matter["needs"][0]["id"]
    ranking = get("chuangkou", f"needs/{need}/candidates")
    assert any(candidate["offer_id"] == offer["id"] for candidate in ranking["candidates"])
    sent = post(
        "chuangkou",
        f"needs/{need}/candidates",
        {"offer_id": offer["id"], "units": UNITS, "goal": "在家有人照应", "choice_reason": "家庭选择"},
        201,
    )
    number = sent["number"]

    # the provider does not know who it is until it has accepted
    before = clients["api-coordinator"].get(f"/api/v1/referrals/{number}").content.decode()
    assert "王" not in before
    worker = Membership.objects.get(user=User.objects.get(username="api-worker"))
    post("api-coordinator", f"referrals/{number}/accept", {"worker": worker.pk})
    assert get("api-worker", f"referrals/{number}")["contact_name"] == "王**"
    referral = Referral.objects.get(number=number)
    told = post(
        "api-worker", f"reveal/referrals.Referral/{referral.pk}/contact_phone", {"reason": "首次联系家庭"}
    )
    assert told == {"value": "13800000000"}
    post("api-worker", f"referrals/{number}/plan", {"plan_text": "每周一次"})
    for _ in range(UNITS):
        post(
            "api-worker",
            f"referrals/{number}/record_visit",
            {"on": today.isoformat(), "units": 1, "note": "平稳", "confirmed": True},
        )
    post("api-worker", f"referrals/{number}/complete", {"outcome": "照应不稳定", "goal_level": 2})
    post("api-coordinator", f"referrals/{number}/feed_back", {"words": "您家里有人照应了"})
    post("chuangkou", f"needs/{need}/rate", {"score": 2, "words": "常常没有来"})
    post("chuangkou", f"referrals/{number}/close")
    post("chuangkou", f"needs/{need}/close")
    assert get("chuangkou", f"matters/{matter['number']}")["status"] == "closed"

    # money
    contract_id = Contract.objects.get(number=contract).pk
    drawn = post("api-coordinator", "invoices/draw_up", {"contract": contract_id}, 201)
    invoice = drawn["number"]
    for sample in drawn["samples"]:
        found = {"sample": sample["id"], "finding": "confirmed", "how": "call"}
        units = Delivery.objects.get(pk=sample["delivery"]).units
        post("minzheng", f"invoices/{invoice}/check", {**found, "found": units})
    post("minzheng", f"invoices/{invoice}/accept_work")
    post("minzheng2", f"invoices/{invoice}/endorse")
    post("caizheng", f"invoices/{invoice}/approve")

    # evaluation
    scheme = get("minzheng", "schemes?status=in_use")["results"][0]["id"]
    round_ = post(
        "minzheng",
        "rounds/plan",
        {
            "title": "年度评估",
            "scheme": scheme,
            "period_from": today.isoformat(),
            "period_to": today.isoformat(),
            "providers": [provider_id],
            "chair": User.objects.get(username="pinggu6").pk,
        },
        201,
    )["id"]
    post("minzheng", f"rounds/{round_}/ask_for_reports")
    assessment = get("minzheng", f"assessments?round={round_}")["results"][0]["id"]
    post("api-coordinator", f"assessments/{assessment}/report", {"words_records": "每月自查"})
    post("minzheng", f"rounds/{round_}/begin_scoring")
    scored = 0
    for evaluator in ("pinggu", "pinggu2", "pinggu3", "pinggu4", "pinggu5"):
        for listed in get(evaluator, f"sheets?assessment={assessment}")["results"]:
            sheet = get(evaluator, f"sheets/{listed['id']}")
            post(evaluator, f"sheets/{sheet['id']}/declare_free", {"confirmed": True})
            asked = [each["field"] for each in sheet["asked"]]
            assert len(asked) == 4
            levels = dict.fromkeys(asked, "1")
            post(evaluator, f"sheets/{sheet['id']}/submit", levels, 400)
            # The lowest level is given with its grounds.
            grounds = {each.replace("level_", "note_", 1): "记录缺页" for each in asked}
            post(evaluator, f"sheets/{sheet['id']}/submit", levels | grounds)
            scored += 1
    assert scored == 2
    post("pinggu6", f"rounds/{round_}/begin_moderation")
    post("pinggu6", f"rounds/{round_}/tally")
    for days, username, step in ((20, "minzheng", "give_notice"), (30, "minzheng2", "publish")):
        with in_days(days):
            clocks.tick()
            clients[username] = api_of(username)  # a token ends unused
            post(username, f"rounds/{round_}/{step}")
    clients["minzheng"] = api_of("minzheng")
    assert get("minzheng", f"providers/{provider_id}")["status"] == "suspended"
    assert Organization.objects.filter(provider=provider).exists()

    everything_is_as_it_should_be(
        referral, Contract.objects.get(number=contract), provider, units=UNITS, price=PRICE
    )
