"""Before the opening nobody is told who bids, on any page; after it the buyer still not who asked."""

from __future__ import annotations

import pytest

from foundation.documents import making
from organizations.people.models import User
from procurement.bids import bidding
from procurement.bids.models import Bid
from procurement.purchases import planning
from procurement.purchases.documents import TENDER_NOTICE
from procurement.purchases.models import Project
from procurement.questions import asking
from tests import factories
from tests.procurement import purchases

#: Those who buy, pay or look on, and an expert and a holder of a key.
ONLOOKERS = ("minzheng", "minzheng2", "caizheng", "shenji", "pinggu", "bumen", "jigou3")


#: The person who bids, who acts in nothing else.
SECRET = "暗投之人"


@pytest.fixture
def bidder():
    provider = factories.AccreditedProvider()
    User.objects.filter(pk=factories.member_of(provider).user_id).update(full_name=SECRET)
    return provider


def _walked(client, project) -> str:
    """What pages, API, search, journal and calendar say of a purchase and all around it."""
    bids = [bid.pk for bid in project.bids.all()]
    questions = [question.pk for question in project.questions.all()]
    paths = [
        "/workbench/",
        "/inbox/",
        "/journal/",
        "/journal/?kind=procurement.Bid",
        "/projects/",
        "/journal/?kind=procurement.Question",
        "/journal/?kind=procurement.Project",
        "/overdue/",
        "/journal/?act=seal",
        "/journal/?act=ask",
        "/journal/?act=document",
        "/journal/?act=add_paper",
        "/api/v1/journal?page_size=200",
        "/api/v1/journal?lifecycle=procurement.Bid",
        "/api/v1/journal?lifecycle=procurement.Question",
        "/api/v1/journal?lifecycle=procurement.SupportingDocument",
        "/api/v1/journal?lifecycle=procurement.Project",
        "/api/v1/journal?move=document",
        f"/api/v1/journal?object_id={project.pk}",
        "/api/v1/bids",
        f"/api/v1/bids?project={project.pk}",
        "/api/v1/questions",
        "/api/v1/notices",
        "/api/v1/red-flags",
        "/red-flags/",
        "/api/v1/overdue",
        project.get_absolute_url(),
        f"/api/v1/projects/{project.number}",
        project.public_address,
        f"/search/?q={project.number}",
        f"/api/v1/clocks/procurement.Project/{project.pk}",
        *(f"/api/v1/journal?object_id={pk}" for pk in (*bids, *questions)),
        *(f"/api/v1/bids/{pk}" for pk in bids),
        *(f"/bids/{pk}/" for pk in bids),
        *(f"/api/v1/clocks/procurement.Bid/{pk}" for pk in bids),
        *(f"/questions/{pk}/" for pk in questions),
        *(f"/api/v1/questions/{pk}" for pk in questions),
    ]
    told = []
    for path in paths:
        answer = client.get(path)
        assert answer.status_code in (200, 403, 404), path
        told.append(answer.content.decode(errors="replace"))
    return "\n".join(told)


def _interested(project, provider) -> Bid:
    """The provider asks, takes the notice, fills its folder, bids, thinks again and bids."""
    by = factories.member_of(provider)
    asking.ask(by=by, project=project, text="运费另计吗？")
    making.request(TENDER_NOTICE, project, by=by)
    purchases.paper(provider, "licence")
    bidding.withdraw(purchases.bid_by(project, provider), by=by)
    return purchases.bid_by(project, provider)


@pytest.mark.parametrize("username", ONLOOKERS)
def test_no_door_tells_before_the_opening_who_bids_or_asks(client_of, bidder, username):
    project = purchases.published()
    bid = _interested(project, bidder)
    client = client_of(username)
    told = _walked(client, project)
    assert [each for each in (SECRET, bid.digest) if each in told] == []
    project = purchases.closed(project, prices=("41", "42"))
    assert project.status == "closed"
    told = _walked(client, project)
    assert [each for each in (SECRET, bid.digest) if each in told] == []


@pytest.mark.parametrize("username", ["minzheng", "caizheng", "shenji"])
def test_a_purchase_that_fails_before_the_opening_tells_nobody_who_had_bid(client_of, bidder, username):
    project = purchases.published()
    bid = _interested(project, bidder)
    planning.propose_failure(project, by=purchases.officer(), reason="major_change", why="上级取消了这项任务")
    planning.confirm_failure(project, by=purchases.officer("minzheng2"))
    told = _walked(client_of(username), Project.objects.get(pk=project.pk))
    assert [each for each in (SECRET, bid.digest) if each in told] == []


def test_after_the_opening_bidders_are_known_and_who_asked_still_not_to_the_buyer(client_of, bidder):
    project = purchases.published()
    bid = _interested(project, bidder)
    project = purchases.opened(project, prices=("41", "42"))
    assert bid.digest in _walked(client_of("minzheng"), project)
    for username, asked in (("minzheng", False), ("caizheng", False), ("shenji", True)):
        client = client_of(username)
        question = project.questions.get()
        page = client.get(question.get_absolute_url()).content.decode()
        journal = client.get("/api/v1/journal?lifecycle=procurement.Question")
        assert SECRET not in page or asked, username
        assert (SECRET in journal.content.decode()) == asked, username


def test_a_bidder_reads_the_way_of_its_own_bid_and_question(client_of, bidder):
    project = purchases.published()
    bid = _interested(project, bidder)
    client = client_of(factories.user_of(bidder).username)
    assert SECRET in client.get(bid.get_absolute_url()).content.decode()
    assert SECRET in client.get(project.questions.get().get_absolute_url()).content.decode()


def test_a_bidder_cannot_count_the_others_by_the_numbers_of_its_own_bids():
    project, mine = purchases.published(), factories.AccreditedProvider()
    first = purchases.bid_by(project, mine)
    bidding.withdraw(first, by=factories.member_of(mine))
    with_none_between = purchases.bid_by(project, mine)
    for _n in range(3):
        purchases.bid_by(project, factories.AccreditedProvider())
    bidding.withdraw(with_none_between, by=factories.member_of(mine))
    last = purchases.bid_by(project, mine)
    assert with_none_between.pk - first.pk > 100
    assert last.pk - with_none_between.pk > 100


def test_an_excused_expert_sees_no_bids_any_more():
    project = purchases.evaluating()
    seat = project.panelseats.select_related("person")[0]
    expert = purchases.expert(seat)
    assert Bid.objects.visible_to(expert).filter(project=project).count() == 3
    factories.PersonOf(role="evaluator", role__organization=seat.organization)
    purchases.replaced(seat)
    assert not Bid.objects.visible_to(expert).filter(project=project).exists()
