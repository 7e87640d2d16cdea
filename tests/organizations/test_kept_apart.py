"""Another rule of roles that must not meet says whom it keeps from what, and never leaves the city without administrator."""

from __future__ import annotations

from typing import Any

import pytest

from foundation.inbox.models import Notice
from foundation.refusals import Invalid, NotNow
from foundation.roles import Role
from foundation.rules import changing, effects, reading
from foundation.rules.models import RuleVersion
from organizations.bodies.models import Organization
from organizations.people import ending, giving, kept_apart
from organizations.people.models import Membership, User
from tests.factories import actor
from tests.organizations.newcomers import joined

RULE = "people.incompatible"


def proposed(*pairs: list[str], part: str = "never") -> RuleVersion:
    value: dict[str, Any] = reading.current(RULE).value
    return changing.propose(
        by=actor("minzheng"), rule=RULE, value={**value, part: [*value[part], *pairs]}, note="分开"
    )


@pytest.fixture
def both() -> User:
    """A handler of a body who is an administrator of the city beside."""
    person = joined()
    giving.give(by=actor("guanli"), person=person, role=Role.ADMINISTRATOR)
    return person


def test_whoever_loses_a_role_is_named_before_and_told_afterwards(both, client_of):
    version = proposed(["administrator", "handler"])
    (preview,) = effects.effect_of_version(version).previews
    assert both.full_name in preview.text
    page = client_of("minzheng2").get(f"{version.get_absolute_url()}approve/").content.decode()
    assert both.full_name in page
    changing.approve(version, by=actor("minzheng2"))
    told = Notice.objects.filter(texts__icontains="现在不能用")
    assert told.filter(user_id=both.pk).exists()
    assert told.filter(role=Role.ADMINISTRATOR).exclude(user_id=both.pk).exists()
    shown = client_of("guanli").get(both.get_absolute_url()).content.decode()
    assert "系统管理员”现在不能用" in shown


def test_a_pair_that_nobody_holds_keeps_nobody_from_anything():
    (preview,) = effects.effect_of_version(proposed(["secretary", "finance"])).previews
    assert preview.text == "没有人受影响。"
    assert kept_apart.kept_from_use(kept_apart.incompatible.in_force()) == []


def test_a_role_that_may_not_be_used_keeps_the_city_no_administrator(both):
    changing.approve(proposed(["administrator", "handler"]), by=actor("minzheng2"))
    first, second = Membership.objects.filter(
        user__username__in=("guanli", "guanli2"), role=Role.ADMINISTRATOR
    )
    ending.end(first, by=second.actor(), reason="调离")
    with pytest.raises(NotNow, match="先把这个身份给另一个人"):
        ending.end(second, by=second.actor(), reason="调离")


def test_a_rule_that_leaves_no_administrator_is_not_put_in_force(both):
    for held in Membership.objects.filter(user__username__in=("guanli", "guanli2"), role=Role.ADMINISTRATOR):
        ending.end(held, by=actor("guanli2"), reason="调离")
    version = proposed(["administrator", "handler"])
    with pytest.raises(NotNow, match="全市没有一个系统管理员"):
        changing.approve(version, by=actor("minzheng2"))
    version.refresh_from_db()
    assert version.status == "proposed"


@pytest.mark.parametrize("part", ["never", "with_leave"])
def test_what_whoever_registers_a_provider_holds_is_no_pair(part):
    with pytest.raises(Invalid, match="自己登记入驻") as refused:
        proposed(["staff_manager", "coordinator"], part=part)
    assert list(refused.value.fields) == [f"value.{part}"]


def test_an_organization_sees_nothing_of_the_account_of_somebody_who_has_left(client_of):
    manager = Membership.objects.select_related("organization").get(
        user__username="jiguan", role=Role.STAFF_MANAGER
    )
    person = joined(
        "lixin", by="jiguan", full_name="李新", role=Role.SOCIAL_WORKER, organization=manager.organization
    )
    elsewhere = Organization.objects.get(code="renshe")
    giving.give(by=actor("guanli"), person=person, role=Role.HANDLER, organization=elsewhere)
    session = client_of("jiguan")
    assert str(elsewhere) not in session.get("/people/").content.decode()
    held = Membership.objects.get(user=person, role=Role.SOCIAL_WORKER)
    ending.end(held, by=actor("guanli"), reason="调离")
    assert "李新" not in session.get("/people/").content.decode()
    for path in (f"/people/{person.pk}/", f"/api/v1/people/{person.pk}"):
        assert session.get(path).status_code == 404, path
    assert session.get(held.get_absolute_url()).status_code == 200
