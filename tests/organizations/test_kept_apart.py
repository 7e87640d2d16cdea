"""Another rule of roles that must not meet says whom it would keep from what, and waits until they hold one alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from foundation import moments
from foundation.refusals import Invalid, NotNow
from foundation.roles import Role
from foundation.rules import changing, effects, reading
from foundation.rules.models import RuleVersion
from organizations.bodies.models import Organization
from organizations.people import ending, giving, incompatible, kept_apart
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


def test_a_rule_waits_until_nobody_holds_both_of_a_pair(both, client_of):
    version = proposed(["administrator", "handler"])
    (preview,) = effects.effect_of_version(version).previews
    assert both.full_name in preview.text
    assert "先结束其中一个身份" in preview.note
    page = client_of("minzheng2").get(version.get_absolute_url()).content.decode()
    assert f"{version.get_absolute_url()}approve/" not in page
    with pytest.raises(NotNow, match=both.full_name):
        changing.approve(version, by=actor("minzheng2"))
    ending.end(both.memberships.get(role=Role.HANDLER), by=actor("guanli2"), reason="调离")
    changing.approve(version, by=actor("minzheng2"))
    with pytest.raises(Invalid):
        giving.give(
            by=actor("guanli2"),
            person=both,
            role=Role.HANDLER,
            organization=Organization.objects.get(code="renshe"),
        )


def test_a_role_to_come_counts_as_well():
    person = joined()
    giving.give(
        by=actor("guanli"),
        person=person,
        role=Role.ADMINISTRATOR,
        valid_from=moments.today() + timedelta(days=9),
    )
    with pytest.raises(NotNow, match=person.full_name):
        changing.approve(proposed(["administrator", "handler"]), by=actor("minzheng2"))


def test_the_page_of_a_person_says_which_role_cannot_be_used(both, client_of, monkeypatch):
    pairs = incompatible.of_value({"never": [["administrator", "handler"]], "with_leave": []})
    monkeypatch.setattr(incompatible, "in_force", lambda: pairs)
    shown = client_of("guanli").get(both.get_absolute_url()).content.decode()
    assert "系统管理员”现在不能用" in shown


def test_a_pair_that_nobody_holds_keeps_nobody_from_anything():
    (preview,) = effects.effect_of_version(proposed(["secretary", "finance"])).previews
    assert preview.text == "没有人受影响。"
    assert kept_apart.kept_from_use(incompatible.in_force()) == []


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
