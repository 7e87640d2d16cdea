"""Two roles that clash meet in one person with leave for this pair alone, by a second administrator."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from foundation import moments
from foundation.refusals import Invalid, NotNow, NotYours
from foundation.roles import SYSTEM, Role
from organizations.bodies.models import Organization
from organizations.dispensations import allowing
from organizations.dispensations.models import Dispensation
from organizations.people import ending, giving
from organizations.people.models import Membership, User
from procurement.oversight import telling
from procurement.oversight.models import RedFlag
from tests.factories import actor
from tests.organizations.newcomers import joined
from tests.racing import at_once, refused


def test_two_roles_that_never_meet_are_refused_and_others_need_a_second_administrator():
    user = joined()
    with pytest.raises(Invalid, match="要另一位管理员批准"):
        provider = Membership.objects.get(user__username="jigou").organization
        giving.give(by=actor("guanli"), person=user, role=Role.COORDINATOR, organization=provider)
    asked = allowing.request(
        by=actor("guanli"),
        person=user,
        role=Role.COORDINATOR,
        organization=provider,
        valid_to=moments.today() + timedelta(days=90),
        why="小机构人手不够",
    )
    with pytest.raises(NotYours):
        allowing.allow(asked, by=actor("guanli"))
    allowing.allow(asked, by=actor("guanli2"))
    assert Membership.objects.of_today().filter(user=user).count() == 2
    (flag,) = RedFlag.objects.filter(code="LD07")
    assert "钱一" in telling.sentence(flag)
    second = Membership.objects.get(user=user, role=Role.COORDINATOR)
    ending.end(second, by=actor("guanli"), reason="有人接替")
    assert not RedFlag.objects.filter(code="LD07").exists()
    officer = User.objects.get(username="minzheng")
    with pytest.raises(Invalid, match="不相容"):
        giving.give(
            by=actor("guanli"),
            person=officer,
            role=Role.FINANCE,
            organization=Organization.objects.get(code="caizheng"),
        )


def test_leave_for_one_pair_opens_no_other():
    """Civil affairs by leave beside evaluator is no leave to be administrator as well."""
    user = joined()
    evaluator = Membership.objects.get(user__username="pinggu").organization
    Membership.objects.filter(user=user).delete()
    giving.enter(by=SYSTEM, person=user, role=Role.EVALUATOR, organization=evaluator)
    asked = allowing.request(
        by=actor("guanli"),
        person=user,
        role=Role.CIVIL_AFFAIRS,
        valid_to=moments.today() + timedelta(days=90),
        why="人手不够",
    )
    allowing.allow(asked, by=actor("guanli2"))
    assert Membership.objects.get(user=user, role=Role.CIVIL_AFFAIRS).alongside == ["evaluator"]
    with pytest.raises(Invalid, match="要另一位管理员批准"):
        giving.give(by=actor("guanli"), person=user, role=Role.ADMINISTRATOR)
    with pytest.raises(IntegrityError, match="clashes"), transaction.atomic():
        Membership.objects.create(user=user, role=Role.ADMINISTRATOR)


def dispensation_of(user: User, days: int = 90) -> Dispensation:
    return allowing.request(
        by=actor("guanli"),
        person=user,
        role=Role.COORDINATOR,
        organization=Membership.objects.get(user__username="jigou").organization,
        valid_to=moments.today() + timedelta(days=days),
        why="小机构人手不够",
    )


def test_a_dispensation_that_nobody_decides_on_lapses_after_its_last_day_and_is_asked_anew():
    user = joined()
    asked = dispensation_of(user, days=3)
    for days, status in ((3, "pending"), (4, "lapsed")):
        with moments.as_of(moments.now() + timedelta(days=days)):
            allowing.follow_the_day()
            asked.refresh_from_db()
            assert asked.status == status
    assert dispensation_of(user).status == "pending"


def test_of_two_who_ask_for_the_same_dispensation_at_once_one_is_refused(own_database):
    user = joined()
    done = at_once([lambda: dispensation_of(user), lambda: dispensation_of(user)])
    assert refused(done) == 1
    assert Dispensation.objects.count() == 1


def test_what_was_asked_for_somebody_who_left_is_given_to_nobody():
    user = joined()
    asked = dispensation_of(user)
    ending.end(Membership.objects.get(user=user), by=actor("guanli"), reason="调离")
    asked.refresh_from_db()
    assert asked.status == "lapsed"
    with pytest.raises(NotNow):
        allowing.allow(asked, by=actor("guanli2"))


def test_what_a_person_can_never_be_is_said_at_the_role_before_anything_else_is_filled(client_of):
    officer = User.objects.get(username="minzheng")
    browser = client_of("guanli")
    opened = browser.get("/dispensations/new/request/", {"person": officer.pk}).content.decode()
    assert "现有的身份" in opened
    assert "不能再担任" in opened
    refused = browser.post("/dispensations/new/request/", {"person": officer.pk, "role": Role.FINANCE})
    faults = refused.context["form"].errors
    assert list(faults)[-1] == "role"
    assert "不相容" in faults["role"][0]
    given = browser.get("/memberships/new/give/", {"person": officer.pk}).content.decode()
    assert "另一位管理员批准后才能担任" in given


def test_a_role_that_needs_leave_leads_to_where_it_is_asked_for_with_all_that_was_chosen(client_of):
    user, client = joined(), client_of("guanli")
    provider = Membership.objects.get(user__username="jigou").organization
    address = "/memberships/new/give/"
    chosen = {"person": user.pk, "role": "coordinator", "organization": provider.pk, "valid_to": "2027-01-31"}
    offered = roles_of(client.get(f"{address}?person={user.pk}"))
    answer = client.post(address, chosen)
    assert answer.status_code == 422
    assert roles_of(answer) == offered
    way = f"/dispensations/new/request/?person={user.pk}&role=coordinator&organization={provider.pk}"
    assert way.replace("&", "&amp;") in answer.content.decode()
    form = client.get(f"{way}&valid_to=2027-01-31").context["form"]
    assert [str(form[name].value()) for name in chosen] == [str(value) for value in chosen.values()]


def test_whoever_is_invited_to_a_role_that_needs_leave_has_the_same_way_once_the_account_is_there(client_of):
    user = joined(phone="13900000071")
    provider = Membership.objects.get(user__username="jigou").organization
    answer = client_of("guanli").post(
        "/invitations/new/invite/",
        {
            "full_name": user.full_name,
            "role": "coordinator",
            "organization": provider.pk,
            "channel": "text",
            "phone": "13900000071",
        },
    )
    assert f"/dispensations/new/request/?person={user.pk}&amp;role=coordinator" in answer.content.decode()


def test_what_never_meets_shows_no_way_and_is_answered_with_the_reason(client_of):
    officer = User.objects.get(username="minzheng")
    finance = Organization.objects.get(code="caizheng")
    answer = client_of("guanli").post(
        "/memberships/new/give/", {"person": officer.pk, "role": "finance", "organization": finance.pk}
    )
    assert "不相容" in str(answer.context["form"].errors["role"])
    assert "/dispensations/new/request/" not in answer.content.decode().partition("<main")[2]


def roles_of(answer: Any) -> list[str]:
    return [value for value, _words in answer.context["form"].fields["role"].widget.choices]
