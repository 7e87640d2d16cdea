"""Whoever reports a household from outside learns that it was heard, by no door anything more."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.test import Client

from foundation.documents import making
from marketplace import permissions_table
from organizations.places.models import Place
from referrals.answers import answering
from referrals.matters import intake
from referrals.matters.models import Matter
from referrals.needs import triage
from referrals.needs.models import Need
from tests import factories

#: What stands in the case and nobody but those in charge may read.
MARKS = ("瓷标甲记", "瓷标乙记", "瓷标丙记", "瓷标丁记", "3271.45", "3,271.45")
STORY, RESULT, REFUSED, TEXT = MARKS[:4]

ID_NUMBER = factories.new_id_number()


def _handler(need: Need):
    return factories.PersonOf(role="handler", role__organization=need.body).memberships.get().actor()


def _decided(matter: Matter) -> Matter:
    """Accepted with two needs: one granted and told to the household, one refused."""
    window = factories.window_of(matter.town)
    matter = intake.accept(
        matter, by=window, needs=["medical", "living"], id_number=ID_NUMBER, category="minimum_living"
    )
    triage.add(by=window, matter=matter, kind="care", text=TEXT)
    granted, refused = matter.needs.get(kind="medical"), matter.needs.get(kind="living")
    for need in (granted, refused):
        triage.transfer(need, by=window, body=triage.propose(need.kind).body)
    granted, refused = matter.needs.get(pk=granted.pk), matter.needs.get(pk=refused.pk)
    granted = triage.take_up(granted, by=_handler(granted))
    granted = triage.grant(granted, by=_handler(granted), result=RESULT, amount=Decimal("3271.45"))
    answering.feed_back(granted, by=_handler(granted), words=RESULT)
    triage.refuse(refused, by=_handler(refused), reason=REFUSED)
    return matter


@pytest.fixture
def by_provider(who) -> Matter:
    """Reported by a provider, and decided by the bodies."""
    return _decided(
        intake.report_as_provider(
            by=who("jigou"),
            place=Place.objects.get(name="虹桥社区"),
            name="何**",
            id_number=ID_NUMBER,
            size=2,
            story=STORY,
            phone="13800000021",
        )
    )


@pytest.fixture
def by_hotline(who) -> Matter:
    """An order of the hotline, decided by the bodies."""
    return _decided(
        intake.report_by_hotline(
            by=who("rexian"),
            order="DH-77001",
            place=Place.objects.get(name="虹桥社区"),
            name="何某",
            phone="13800000021",
            story=STORY,
            id_number=ID_NUMBER,
        )
    )


def _everything(client: Client, matter: Matter) -> str:
    """What every address without parts, and every one of this case, answers to a GET."""
    objects = {
        "needs": [need.pk for need in matter.needs.all()],
        "matters": [matter.number],
        "households": [matter.household.number],
    }
    paths = ["/search/?q=" + matter.number, "/search/?q=SL-2026", "/api/v1/needs?status=refused"]
    for address in permissions_table.addresses():
        if "GET" not in address.methods:
            continue
        if "<" not in address.route:
            paths.append(address.route)
        for name, keys in objects.items():
            parts = address.route.strip("/").split("/")
            if name in parts and address.route.count("<") == 1:
                slot = address.route[address.route.index("<") : address.route.index(">") + 1]
                paths += [address.route.replace(slot, str(key)) for key in keys]
    paths += [f"/api/v1/clocks/referrals.Need/{need}" for need in objects["needs"]] + [
        f"/api/v1/clocks/referrals.Matter/{matter.pk}"
    ]
    told = []
    for path in dict.fromkeys(paths):
        answer = client.get(path)
        assert answer.status_code < 500, path
        if answer.streaming:
            continue
        if answer.status_code == 200:
            told.append(answer.content.decode(errors="replace"))
    return "\n".join(told)


@pytest.mark.parametrize("username", ["jigou", "shegong", "jigou2", "shegong2"])
def test_no_door_tells_a_provider_what_became_of_whom_it_reported(client_of, by_provider, username):
    told = _everything(client_of(username), by_provider)
    assert [mark for mark in MARKS if mark in told] == []
    assert by_provider.household.number not in told


def test_no_door_tells_the_hotline_what_became_of_its_order(client_of, by_hotline):
    told = _everything(client_of("rexian"), by_hotline)
    assert [mark for mark in MARKS if mark in told] == []
    assert by_hotline.household.number not in told


@pytest.mark.parametrize("username", ["jigou", "shegong"])
def test_a_provider_reads_number_and_state_and_no_need(client_of, by_provider, username):
    client = client_of(username)
    shown = client.get(f"/api/v1/matters/{by_provider.number}").json()
    assert (shown["number"], shown["status"]) == (by_provider.number, "accepted")
    assert {"story", "needs", "household", "told"} & set(shown) == set()
    assert client.get("/api/v1/needs").status_code == 403
    for need in by_provider.needs.all():
        assert client.get(f"/api/v1/needs/{need.pk}").status_code in (403, 404)


def test_the_hotline_learns_that_its_order_was_answered_on_page_and_api(client_of, by_hotline):
    client = client_of("rexian")
    [told] = client.get(f"/api/v1/matters/{by_hotline.number}").json()["told"]
    assert "结果已经告诉家庭" in told
    assert told in client.get(by_hotline.get_absolute_url()).content.decode()


@pytest.mark.parametrize("username", ["jigou", "shegong", "rexian"])
def test_no_document_about_a_reported_case_is_made_for_whoever_reported_it(
    client_of, by_provider, by_hotline_too, username
):
    client = client_of(username)
    for matter in (by_provider, by_hotline_too):
        subjects = [("referrals.Matter", matter.pk)]
        subjects += [("referrals.Need", need.pk) for need in matter.needs.all()]
        for kind in making.KINDS:
            for label, pk in subjects:
                by_api = client.post(
                    f"/api/v1/documents/{kind}/{label}/{pk}",
                    json.dumps({"reason": "核对办理情况"}),
                    content_type="application/json",
                )
                by_page = client.post(
                    f"/documents/make/{kind}/{pk}/", {"subject": label, "reason": "核对办理情况"}
                )
                assert (by_api.status_code, by_page.status_code) == (404, 404), (kind, label)


@pytest.fixture
def by_hotline_too(who) -> Matter:
    """Another order, of somebody else."""
    return intake.report_by_hotline(
        by=who("rexian"),
        order="DH-77002",
        place=Place.objects.get(name="虹桥社区"),
        name="钱某",
        phone="13800000022",
        story=STORY,
    )
