"""The workbench beside a case of hundreds of parts: the case is one row, and hides nothing else that waits."""

from __future__ import annotations

from datetime import timedelta

import pgtrigger
import pytest
from django.test import Client

from evaluations.rounds.models import Round
from foundation import moments
from foundation.inbox.notices import MOST_NAMES
from foundation.work_items.models import WorkItem
from marketplace.chrome.frame import counts
from marketplace.workbench import waiting
from organizations.bodies.models import Organization
from organizations.providers.models import Provider
from tests import factories
from tests.evaluations import judging
from tests.marketplace.benches import copy_of
from tests.statements import opened

pytestmark = pytest.mark.story

#: Providers of the round.
MANY = 300

#: Its chair, and who else looks at it.
CHAIR, OTHERS = judging.CHAIR, ("minzheng", "mishu")


def put_providers(count: int) -> list[Provider]:
    """Accredited providers without people, put there at once."""
    bodies = Organization.objects.bulk_create(
        Organization(kind="provider", code=f"many-{number}", name=f"众多机构{number:03}")
        for number in range(count)
    )
    with pgtrigger.ignore("organizations.Provider:status_by_the_table"):
        return Provider.objects.bulk_create(
            Provider(organization=body, nature="social_work_agency", status="accredited") for body in bodies
        )


def workbench_of(client: Client) -> tuple[str, int]:
    """The page of the workbench, and the statements that it takes when it is opened again."""
    opened(client, "/workbench/")
    page, statements = opened(client, "/workbench/")
    return page, len(statements)


def asked_for_reports() -> Round:
    """A round of many providers that were asked for their self-reports, one of them with people."""
    return judging.reporting_([*put_providers(MANY - 1), factories.AccreditedProvider()])


def test_a_round_of_hundreds_is_one_row_and_hides_nothing(who, client_of):
    readers = (CHAIR, *OTHERS)
    before = {name: waiting.open_for(who(name)) for name in readers}
    waited = {name: counts(who(name)).waiting for name in readers}
    round_ = asked_for_reports()
    for name in readers:
        reader = who(name)
        bench = waiting.open_for(reader)
        rows = [row for row in bench.others if row.item.case == round_.case_key()]
        others = [row.item for row in bench.others if row not in rows]
        assert others == [row.item for row in before[name].others][: waiting.MOST_OTHERS - len(rows)]
        page, statements = workbench_of(client_of(name))
        assert statements <= 12
        assert len(page.encode()) < 200_000
        assert counts(reader).waiting == waited[name]
        assert [row.title for row in rows] == ([round_.row_title()] if name != "mishu" else [])


def test_the_row_of_a_round_names_a_few_of_those_awaited_by_the_nearest_deadline(who, client_of):
    round_ = asked_for_reports()
    officer = who("minzheng")
    (row,) = (row for row in waiting.open_for(officer).others if row.item.case == round_.case_key())
    assert row.shown.object_id == round_.pk and row.item.object_id != round_.pk
    assert row.item.due_at is not None and row.left
    assert row.who.endswith("等") and row.who.count("、") == MOST_NAMES - 1
    page, _statements = workbench_of(client_of("minzheng"))
    assert f"{MANY} 家没有提交自评" in row.missing and row.missing in page
    assert row.who in page and f'"{round_.get_absolute_url()}"' in page and "同一事项另有 99+ 件" in page


def test_each_provider_finds_its_own_report_to_do_and_its_notice():
    round_ = asked_for_reports()
    assessment = round_.assessments.get(provider__accredited_until__isnull=False)
    coordinator = factories.member_of(assessment.provider)
    (row,) = waiting.open_for(coordinator).to_do
    assert (row.item.object_id, row.others) == (assessment.pk, 0)
    assert counts(coordinator).waiting == "1"
    client = Client()
    client.force_login(factories.user_of(assessment.provider))
    inbox = client.get("/inbox/").content.decode()
    assert inbox.count("待您办理") == 1 and assessment.get_absolute_url() in inbox


def put_case(pattern: WorkItem, number: int, size: int, seat: str) -> WorkItem:
    """A case of so many items of objects that are not there, due on one day; the first of them."""
    seated = copy_of(pattern, case=f"referrals.Matter:{number}", seat=seat, urgent=False, paused=False)
    due_at = moments.now() + timedelta(days=number)
    first, *_further = WorkItem.objects.bulk_create(
        copy_of(seated, object_id=10_000_000 + 1_000 * number + of_it, due_at=due_at) for of_it in range(size)
    )
    return first


@pytest.mark.tampers
def test_of_many_large_cases_each_is_found_by_its_first_in_order(who, django_assert_num_queries):
    """Each is larger than what the index is read by at once, and they lie in two seats."""
    officer = who("minzheng")
    pattern = waiting.open_for(officer).others[0].item
    WorkItem.objects.addressed_to(officer).filter(waits=False).delete()
    seats = (pattern.seat, f"{officer.role}   {officer.user_id}")
    firsts = [put_case(pattern, number, 80, seats[number % 2]) for number in range(25, 0, -1)][::-1]
    with django_assert_num_queries(1):
        found = WorkItem.objects.nearest(officer, 5, 21).watched
    assert found == firsts[:21]
    assert {item.in_case for item in found} == {80}
    bench = waiting.open_for(officer)
    others = [row for row in bench.others if not row.kept]
    assert bench.more_others and [row.item for row in others] == firsts[:20]
    assert {row.others for row in others} == {79}
