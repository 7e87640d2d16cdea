"""People are told of a role that they were given, of its last day and of its end, unless they did it themselves."""

from __future__ import annotations

from datetime import timedelta

from foundation import moments
from foundation.inbox.models import Notice
from foundation.messaging.models import Message
from foundation.roles import Role
from organizations.bodies.models import Organization
from organizations.dispensations import allowing
from organizations.people import ending, giving
from organizations.people.models import Membership, User
from tests.factories import actor
from tests.organizations.newcomers import joined


def told(person: User) -> list[str]:
    """What the notices to a person say of roles, oldest first."""
    found = Notice.objects.filter(user_id=person.pk, texts__icontains="身份").order_by("pk")
    return [notice.text for notice in found]


def texts() -> list[str]:
    return list(
        Message.objects.filter(about__startswith="membership").order_by("pk").values_list("about", flat=True)
    )


def test_a_role_that_was_given_is_told_and_one_that_was_accepted_is_not():
    person = joined()
    assert told(person) == []
    body = Organization.objects.get(code="yibao")
    giving.give(by=actor("guanli"), person=person, role=Role.HANDLER, organization=body)
    assert len(told(person)) == 1
    assert "您有了新身份" in told(person)[0]
    assert str(body) in told(person)[0]
    assert texts() == ["membership:given"]


def test_a_role_by_dispensation_is_told():
    person = joined()
    asked = allowing.request(
        by=actor("guanli"),
        person=person,
        role=Role.COORDINATOR,
        organization=Membership.objects.get(user__username="jigou").organization,
        valid_to=moments.today() + timedelta(days=30),
        why="小机构人手不够",
    )
    allowing.allow(asked, by=actor("guanli2"))
    assert any("您有了新身份" in words for words in told(person))


def test_a_last_day_and_the_end_are_told():
    person = joined()
    body = Organization.objects.get(code="yibao")
    given = giving.give(by=actor("guanli"), person=person, role=Role.HANDLER, organization=body)
    ending.limit(given, by=actor("guanli"), valid_to=moments.today() + timedelta(days=9))
    ending.limit(given, by=actor("guanli"), valid_to=None)
    ending.end(given, by=actor("guanli"), reason="调离")
    assert texts() == ["membership:given", *["membership:limited"] * 2, "membership:ended"]
    assert "已经结束" in told(person)[-1]


def test_whoever_ends_the_own_role_is_not_told():
    own = Membership.objects.get(user__username="guanli2", role=Role.ADMINISTRATOR)
    ending.end(own, by=actor("guanli2"), reason="调离")
    assert told(own.user) == []
