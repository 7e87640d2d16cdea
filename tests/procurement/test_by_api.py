"""A whole purchase by the REST API, by everybody who has a part in it."""

from __future__ import annotations

from datetime import timedelta

from rest_framework.test import APIClient

from catalog.items.models import Item
from foundation import moments
from organizations.people.models import Membership
from procurement.bids.models import Bid
from procurement.purchases import scheduled
from procurement.purchases.models import Project
from tests import factories
from tests.procurement import purchases

BIDDERS = ("jigou", "jigou2", "jigou3")


def post(client: APIClient, address: str, **body):
    answer = client.post(f"/api/v1/{address}", body, format="json")
    assert answer.status_code in (200, 201), answer.content.decode()
    return answer.json()


def test_a_purchase_goes_its_whole_way_by_the_api(api_of):
    buyer, second = api_of("minzheng"), api_of("minzheng2")
    budget = factories.Budget()
    item = Item.objects.in_force().get(code="B01.01")
    start = moments.today() + timedelta(days=60)
    made = post(
        buyer,
        "projects/plan",
        title="按接口采购",
        need="居家照料",
        budget_line=budget.pk,
        method="consultation",
        start_on=str(start),
        end_on=str(start + timedelta(days=300)),
        item=item.pk,
        limit_price="50",
        quota=100,
    )
    number, pk = made["number"], made["id"]
    until = (moments.now() + timedelta(days=15)).astimezone(moments.SHANGHAI)
    post(
        buyer,
        f"projects/{number}/set_terms",
        bids_until=f"{until:%Y-%m-%d %H:%M}",
        price_points=30,
        criteria="方案，50，可行\n人员，20",
        papers=[],
        places=1,
        panel_size=3,
    )
    people = [Membership.objects.get(user__username=each).pk for each in ("minzheng", "caizheng")]
    post(buyer, f"projects/{number}/name_key_holders", people=people, keys_needed=2)
    seats = buyer.get(f"/api/v1/key-seats?project={pk}").json()["results"]
    for seat, name in zip(sorted(seats, key=lambda s: s["id"]), ("minzheng", "caizheng"), strict=True):
        secret = {"sealed_passphrase": "开标口令-2026", "sealed_again": "开标口令-2026"}
        post(api_of(name), f"key-seats/{seat['id']}/take", **secret)
    post(buyer, f"projects/{number}/submit")
    post(second, f"projects/{number}/publish")
    key = f"sealed_price_{made['items'][0]['id']}"
    for name, price in zip(BIDDERS, ("44", "41", "46"), strict=True):
        bid = post(api_of(name), "bids/seal", project=pk, plan="方案", sealed_confirmed=True, **{key: price})
        assert bid["price"] is None and bid["status"] == "sealed"
    assert buyer.get(f"/api/v1/bids?project={pk}").json()["results"] == []
    with moments.as_of(until + timedelta(minutes=2)):
        scheduled.follow_the_clock()
        for seat, name in zip(sorted(seats, key=lambda s: s["id"]), ("minzheng", "caizheng"), strict=True):
            post(api_of(name), f"key-seats/{seat['id']}/turn", sealed_passphrase="开标口令-2026")
        post(api_of("minzheng"), f"projects/{number}/open_bids")
    for bid in buyer.get(f"/api/v1/bids?project={pk}").json()["results"]:
        post(buyer, f"bids/{bid['id']}/qualify")
    post(buyer, f"projects/{number}/draw_panel")
    _judge(api_of, pk)
    reporter = Project.objects.get(pk=pk).panelseats.first().person.username
    post(api_of(reporter), f"projects/{number}/report")
    post(buyer, f"projects/{number}/award")
    won = Bid.objects.get(project_id=pk, status="awarded")
    assert (won.rank, won.price) == (1, 4100)
    with moments.as_of(moments.now() + timedelta(days=20)):
        scheduled.follow_the_clock()
    done = post(buyer, f"projects/{number}/make_contract")
    assert done["status"] == "contracted"
    assert len(done["call_offs"]) == 1


def _judge(api_of, pk):
    for seat in Project.objects.get(pk=pk).panelseats.select_related("person"):
        client = api_of(seat.person.username)
        post(client, f"panel-seats/{seat.pk}/declare_free", confirmed=True)
        body = {}
        for bid in Bid.objects.filter(project_id=pk):
            body |= {f"points_{bid.pk}_c1": "40", f"points_{bid.pk}_c2": "15"}
        post(client, f"panel-seats/{seat.pk}/submit", **body)


def test_a_late_bid_is_a_problem_document_with_the_rule(api_of):
    project = purchases.published()
    item = project.items.get()
    with moments.as_of(purchases.after(project)):
        answer = api_of("jigou").post(
            "/api/v1/bids/seal",
            {"project": project.pk, f"sealed_price_{item.pk}": "40", "sealed_confirmed": True},
            format="json",
        )
    problem = answer.json()
    assert answer.status_code == 409
    assert "投标截止时间" in problem["detail"]
    assert "87号令第三十三条" in str(problem)
