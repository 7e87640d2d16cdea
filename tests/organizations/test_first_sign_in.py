"""What somebody new is told before the first sign-in, and what is suggested to whoever may not use a page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from foundation import moments
from foundation.roles import Role
from organizations.bodies.models import Organization
from organizations.invitations import inviting
from organizations.invitations.letters import letters_of
from organizations.people.models import Membership, User
from tests.factories import actor
from tests.factories.rules import rule

AUTHENTICATOR = "身份验证器"


@pytest.mark.parametrize(("role", "body"), [(Role.FINANCE, "caizheng"), (Role.HANDLER, "jiaoyu")])
def test_a_letter_tells_of_the_authenticator_where_the_role_asks_for_a_second_factor(role, body, client_of):
    rule("sign_in.second_factor", roles=[Role.FINANCE])
    sent = inviting.invite(
        by=actor("guanli"),
        full_name="新同事",
        channel="letter",
        role=role,
        organization=Organization.objects.get(code=body),
    )
    (letter,) = letters_of([sent])
    assert letter.asks_factor is (role == Role.FINANCE)
    page = client_of("guanli").get(f"/invitations/{sent.pk}/letter/").content.decode()
    assert (AUTHENTICATOR in page) is letter.asks_factor


def test_another_role_is_suggested_to_whoever_holds_several(client_of):
    words = "您有几个身份"
    refused = client_of("chuangkou").get("/budgets/")
    assert refused.status_code == 403
    assert words not in refused.content.decode()
    user = User.objects.get(username="chuangkou")
    own = user.memberships.first()
    Membership.objects.create(
        user=user, role=Role.GRID_WORKER, place=own.place.parts.first(), valid_from=moments.today()
    )
    assert words in client_of("chuangkou").get("/budgets/").content.decode()


def test_a_token_is_shown_whole_and_can_be_copied(client_of):
    given = {
        "name": "省平台",
        "purpose": "取转办的需求",
        "parts": ["referrals"],
        "expires_on": (moments.today() + timedelta(days=30)).isoformat(),
    }
    page = client_of("bumen").post("/service-accounts/new/issue/", given).content.decode()
    assert 'data-copy="token"' in page
    assert 'id="token"' in page
