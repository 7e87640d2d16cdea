"""The supplier's desk: what fits, what lacks, what is due, what was won and lost and why."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from demo.starter.provider_documents import PAGE
from foundation import moments, wording
from foundation.deadlines.models import Clock
from foundation.moments import SHANGHAI
from foundation.refusals import Invalid, NotYours
from foundation.rules import reading
from organizations.people.models import Membership
from procurement.awards import awarding
from procurement.purchases.models import Project
from procurement.supplier import dashboard, supporting_documents
from procurement.supplier.models import SupportingDocument
from tests import factories
from tests.procurement import purchases

pytestmark = pytest.mark.story


def session_of(provider) -> Client:
    client = Client()
    client.force_login(factories.user_of(provider))
    return client


def test_notices_that_fit_come_first_and_invitations_before_them():
    offer = factories.AcceptedOffer(code="C02.03")
    provider, by = offer.provider, factories.member_of(offer.provider)
    other = purchases.published(purchases.planned(code="B01.01"))
    fitting = purchases.published(purchases.planned(code="C02.03"))
    invited = purchases.planned("inquiry", code="D02.01", limit_price=Decimal("150"), quota=10)
    bidders = [provider, factories.AccreditedProvider(), factories.AccreditedProvider()]
    invited = purchases.published(invited, invited=bidders)
    found = [
        open_notice for open_notice in dashboard.open_notices(by) if open_notice in (other, fitting, invited)
    ]
    assert found == [invited, fitting, other]
    assert [(each.is_invited, each.fits) for each in found] == [(True, False), (False, True), (False, False)]


def test_the_desk_names_the_papers_that_lack_until_they_are_in_the_folder():
    project = purchases.published(papers=["licence", "tax"])
    provider = factories.AccreditedProvider()
    client = session_of(provider)
    assert "近期依法纳税证明" in client.get(reverse("desk")).content.decode().split("材料夹")[0]
    answer = client.post(
        reverse("paper-new"), {"kind": "tax", "file": SimpleUploadedFile("t.pdf", PAGE), "valid_until": ""}
    )
    assert answer.status_code == 302
    (notice,) = [
        each for each in dashboard.notices(factories.member_of(provider), provider) if each.project == project
    ]
    assert notice.lacking == ["登记证书或营业执照"]


def test_a_paper_that_has_run_out_lacks():
    project = purchases.published(papers=["licence"])
    provider = factories.AccreditedProvider()
    until = moments.today() + timedelta(days=5)
    purchases.paper(provider, "licence", valid_until=until)
    assert supporting_documents.checklist(project, provider)[0].paper
    with moments.as_of(moments.now() + timedelta(days=7)):
        assert supporting_documents.checklist(project, provider)[0].paper is None
        with pytest.raises(Invalid, match="已经过期"):
            purchases.paper(provider, "licence", valid_until=until)


def test_a_folder_is_its_providers_own():
    paper = purchases.paper(factories.AccreditedProvider(), "licence")
    other = factories.AccreditedProvider()
    assert session_of(paper.provider).get(paper.get_absolute_url()).content == paper.plain()
    assert session_of(other).get(paper.get_absolute_url()).status_code == 404
    assert not SupportingDocument.objects.visible_to(factories.actor("minzheng")).exists()
    with pytest.raises(NotYours):
        supporting_documents.add(by=factories.actor("minzheng"), kind="licence", file=None)


def test_a_bid_is_written_over_days_sealed_and_shown_as_such():
    project = purchases.published()
    provider = factories.AccreditedProvider()
    client, item = session_of(provider), project.items.get()
    address = reverse("bid-for", args=[project.number])
    typed = {"plan": "写到一半", f"sealed_price_{item.pk}": "45"}
    client.post(f"{reverse('draft')}?path={address}", {**typed, "key": "k1"})
    page = client.get(f"{address}?draft=k1").content.decode()
    assert "写到一半" in page and 'value="45"' not in page
    desk = client.get(reverse("desk")).content.decode()
    assert "接着写" in desk and f'href="{address}?draft=k1"' in desk
    client.post(reverse("draft-discard"), {"path": address, "key": "k1"})
    assert "接着写" not in client.get(reverse("desk")).content.decode()
    answer = client.post(address, {**typed, "project": project.pk, "sealed_confirmed": "on"})
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(answer.url).content.decode()
    assert "已经密封" in page and "45.00" not in page
    assert "已密封提交" in client.get(reverse("desk")).content.decode()


def test_a_wrong_price_loses_nothing_that_was_typed():
    project = purchases.published()
    provider, item = factories.AccreditedProvider(), project.items.get()
    address = reverse("bid-for", args=[project.number])
    answer = session_of(provider).post(
        address,
        {
            "plan": "我的方案",
            f"sealed_price_{item.pk}": "99",
            "project": project.pk,
            "sealed_confirmed": "on",
        },
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "超过单价上限 50 元" in page and "我的方案" in page and 'value="99"' in page


def test_wins_and_losses_stand_with_their_reasons_and_the_winner():
    project = purchases.awarded()
    lost = project.bids.filter(status="lost").order_by("rank")[0]
    ((bid, best),) = dashboard.history(lost.provider)
    assert (bid, best.rank) == (lost, 1)
    page = session_of(lost.provider).get(reverse("desk")).content.decode()
    assert f"第 {lost.rank} 名" in page and str(best.provider) in page


def test_the_calendar_holds_deadlines_as_moments_and_ends_as_days():
    offer = factories.AcceptedOffer(code="B01.01")
    provider = offer.provider
    contract = factories.ContractInForce(provider=provider)
    project = purchases.published(purchases.planned(code="B01.01"))
    purchases.paper(provider, "tax", valid_until=date(2027, 6, 30))
    membership = Membership.objects.get(user=factories.user_of(provider))
    answer = Client().get(reverse("desk-calendar", args=[dashboard.token_for(membership)]))
    assert answer["Content-Type"].startswith("text/calendar")
    events = {each["uid"]: each for each in Calendar.from_ical(answer.content).walk("VEVENT")}
    due = events[f"bids-{project.number}@liandong"]
    assert due["dtstart"].dt == project.bids_until.replace(microsecond=0)
    assert due["url"].endswith(project.get_absolute_url())
    assert events[f"ends-{contract.number}@liandong"]["dtstart"].dt == contract.end_on
    assert any(key.startswith("paper-") for key in events)


@pytest.mark.parametrize("change", ["password", "left", "token"])
def test_a_calendar_address_is_void_after_a_new_password_or_when_one_has_left(change):
    provider = factories.AccreditedProvider()
    user = factories.user_of(provider)
    membership = Membership.objects.get(user=user)
    token = dashboard.token_for(membership)
    assert Client().get(reverse("desk-calendar", args=[token])).status_code == 200
    if change == "password":
        user.set_password("new-passphrase")
        user.save()
    elif change == "left":
        Membership.objects.filter(pk=membership.pk).update(
            valid_from=date(2026, 1, 1), valid_to=moments.today() - timedelta(days=1)
        )
    else:
        token = token[:-1] + ("A" if token[-1] != "A" else "B")
    assert Client().get(reverse("desk-calendar", args=[token])).status_code == 404


def test_the_desk_asks_the_database_the_same_number_of_times_for_more_notices(django_assert_num_queries):
    provider = factories.AccreditedProvider()
    by = factories.member_of(provider)
    purchases.published()
    with reading.remembered.meanwhile(), django_assert_num_queries(6):
        dashboard.notices(by, provider)
    purchases.published()
    with reading.remembered.meanwhile(), django_assert_num_queries(6):
        dashboard.notices(by, provider)


def test_an_award_is_told_with_its_contract_to_sign():
    project = purchases.concluded()
    project = awarding.make_contract(project, by=purchases.officer())
    contract = project.call_offs.get().contract
    assert contract.provider == project.bids.get(status="awarded").provider


def test_folder_and_desk_by_the_api(api_of):
    project = purchases.published(papers=["licence", "tax"])
    client = api_of("jigou")
    (notice,) = [
        each for each in client.get("/api/v1/desk").json()["notices"] if each["project"] == project.number
    ]
    assert notice["lacking"] == ["近期依法纳税证明"]
    file = SimpleUploadedFile("t.pdf", PAGE)
    answer = client.post("/api/v1/papers", {"kind": "tax", "file": file}, format="multipart")
    assert answer.status_code == 201, answer.content
    assert answer.json()["kind"] == "tax"
    kinds = {each["kind"] for each in client.get("/api/v1/papers").json()}
    assert kinds == {"licence", "credit", "tax"}
    wrong = client.post(
        "/api/v1/papers", {"kind": "tax", "file": SimpleUploadedFile("t.pdf", b"\0\1")}, format="multipart"
    )
    assert "file" in wrong.json()["errors"]


def test_a_period_that_ends_at_midnight_is_due_on_the_day_before():
    (project,) = Project.objects.filter(status="awarded", bids__isnull=False).distinct()[:1]
    bidder = project.bids.first().provider
    clock = Clock.objects.get(
        lifecycle="procurement.Project",
        object_id=project.pk,
        rule_key="procurement.objection",
        stopped_at=None,
    )
    last = (clock.due_at - timedelta(seconds=1)).astimezone(SHANGHAI).date()
    assert clock.due_at.astimezone(SHANGHAI).date() > last
    dues = dashboard.calendar(factories.member_of(bidder), bidder)
    (due,) = [each for each in dues if each.key == f"objection-{project.number}"]
    assert due.at == last
    assert wording.until(clock.due_at) == f"{wording.day(last)} 24:00"
