"""What waits for a seat that nobody holds any more is said before a membership ends, told when it is over, and can be
handed on afterwards.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from foundation import moments
from foundation.inbox.models import Notice
from foundation.journal import timeline
from foundation.refusals import Invalid, NotNow
from foundation.roles import Role
from foundation.work_items.models import WorkItem
from organizations.people import ending, leaving, vacancies
from organizations.people.models import Membership, User
from referrals.offers.models import Referral
from tests import factories
from tests.factories import actor
from tests.factories.sessions import proved
from tests.organizations.newcomers import joined


@pytest.fixture
def handler() -> Membership:
    """The only handler of a body, for whom one need waits."""
    need = factories.TransferredNeed()
    (item, *_others) = WorkItem.objects.filter(role=Role.HANDLER, waits=True, case=need.case_key())
    found = Membership.objects.on(moments.today()).filter(
        role=Role.HANDLER, organization=item.organization_id
    )
    (only, *others) = found
    for other in others:
        ending.end(other, by=actor("guanli"), reason="调离")
    return only


@pytest.fixture
def case() -> Referral:
    """A case of the only social worker of a provider."""
    referral = factories.ReferralInService()
    worker = factories.worker_of(referral)
    assert referral.worker_id == worker.user_id
    return referral


@pytest.fixture
def worker(case: Referral) -> Membership:
    """What the social worker of the case holds."""
    return Membership.objects.get(user=case.worker_id, role=Role.SOCIAL_WORKER)


def told_to(role: Role) -> list[Notice]:
    return list(Notice.objects.filter(role=role, lifecycle="organizations.Membership").order_by("pk"))


def test_who_ends_or_limits_the_last_one_in_a_seat_sees_what_nobody_would_do(handler, client_of):
    for act in ("end", "limit"):
        page = client_of("guanli").get(f"/memberships/{handler.pk}/{act}/").content.decode()
        assert "1 件等这个身份来办的事" in page
        assert "名下没有在办的事项" not in page
        assert "这之后没有别人担任" in page
        assert f"/invitations/new/invite/?role=handler&amp;organization={handler.organization_id}" in page


def test_the_links_of_that_page_fill_in_the_seat(handler, client_of):
    for address in ("/invitations/new/invite/", "/memberships/new/give/"):
        seat = f"?role=handler&organization={handler.organization_id}"
        page = client_of("guanli").get(address + seat).content.decode()
        assert str(handler.organization) in page


def test_a_colleague_in_the_seat_sees_to_it(handler, client_of):
    joined(organization=handler.organization)
    page = client_of("guanli").get(f"/memberships/{handler.pk}/end/").content.decode()
    assert "名下没有在办的事项" in page
    assert "这之后没有别人担任" not in page
    ending.end(handler, by=actor("guanli"), reason="调离")
    assert not told_to(Role.ADMINISTRATOR)


def test_a_colleague_who_leaves_on_the_same_day_does_not(handler):
    last = moments.today() + timedelta(days=7)
    joined(organization=handler.organization, valid_to=last)
    handler = ending.limit(handler, by=actor("guanli"), valid_to=last)
    assert vacancies.waiting_for_nobody(handler, last) == 0
    assert [one.count for one in leaving.left_by(handler)] == [1]
    leaving.tell_of_last_days()
    assert "1 件等这个身份来办的事" in told_to(Role.ADMINISTRATOR)[0].text


def test_nor_does_one_who_is_kept_from_the_step(handler):
    colleague = joined(organization=handler.organization)
    items = WorkItem.objects.filter(role=Role.HANDLER, organization_id=handler.organization_id)
    items.update(kept_from=[colleague.pk])
    assert vacancies.waiting_for_nobody(handler, moments.today()) == 1
    items.update(kept_from=[])


def test_after_the_end_and_the_night_it_runs_out_the_administrators_are_told(handler):
    ending.limit(handler, by=actor("guanli"), valid_to=moments.today())
    with moments.as_of(moments.now() + timedelta(days=1)):
        ending.follow_the_day()
    (notice,) = told_to(Role.ADMINISTRATOR)
    assert "1 件等这个身份来办的事没有人接" in notice.text
    assert "请邀请接手的人" in notice.text


def test_whoever_assigns_workers_is_told_which_cases_have_none_and_hands_them_on(case, worker):
    coordinator = factories.coordinator_of(case)
    session = proved(User.objects.get(pk=coordinator.user_id))
    page = session.get(f"/memberships/{worker.pk}/").content.decode()
    assert "/end/" not in page
    worker = ending.end(worker, by=actor("guanli"), reason="违纪")
    (notice,) = told_to(Role.COORDINATOR)
    assert case.number in notice.text
    assert "没有人接" in notice.text
    page = session.get(notice.link).content.decode()
    assert f"/memberships/{worker.pk}/hand-on/" in page
    page = session.get(f"/memberships/{worker.pk}/hand-on/").content.decode()
    assert f"/referrals/{case.number}/" in page
    colleague = a_colleague_of(worker)
    answer = session.post(f"/memberships/{worker.pk}/hand-on/", {"colleague": colleague.pk})
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.worker_id == colleague.user_id
    (line,) = [line for line in timeline.entries_of([case]) if colleague.user.full_name in line.sentence]
    assert "交给了" in line.sentence
    outsiders = timeline.entries_of([case], with_names=False)
    assert not any(colleague.user.full_name in line.sentence for line in outsiders)


def a_colleague_of(membership: Membership) -> Membership:
    """Somebody else in the same seat."""
    seat = {"role": membership.role, "organization": membership.organization}
    return joined("tongshi", full_name="孙二", **seat).memberships.get()


def test_what_was_left_is_handed_on_once_and_to_somebody_in_the_seat(worker, client_of):
    worker = ending.end(worker, by=actor("guanli"), reason="违纪")
    colleague = a_colleague_of(worker)
    stranger = Membership.objects.get(user__username="guanli", role=Role.ADMINISTRATOR)
    with pytest.raises(Invalid):
        ending.hand_on(worker, by=actor("guanli"), colleague=stranger)
    ending.hand_on(worker, by=actor("guanli"), colleague=colleague)
    assert any(colleague.user.full_name in line.sentence for line in timeline.entries_of([worker]))
    with pytest.raises(NotNow):
        ending.hand_on(worker, by=actor("guanli"), colleague=colleague)
    assert "hand-on" not in client_of("guanli").get(f"/memberships/{worker.pk}/").content.decode()


def test_a_colleague_is_asked_for_where_one_is_needed_and_nowhere_else(worker, client_of):
    address = f"/memberships/{worker.pk}/end/"
    assert "接手的同事" not in client_of("guanli").get(address).content.decode()
    a_colleague_of(worker)
    page = client_of("guanli").get(address).content.decode()
    (label,) = re.findall(r"<(?:legend|label)[^>]*>\s*接手的同事.*?</(?:legend|label)>", page, re.DOTALL)
    assert "选填" not in label
