"""Of several who use one link at the same moment one gets in, and the others are told that it was used."""

from __future__ import annotations

from foundation.refusals import NotNow
from organizations.invitations import inviting, joining
from organizations.invitations.models import Invitation
from organizations.people.models import User
from tests.factories import actor
from tests.organizations.newcomers import PASSWORD, invited, joined
from tests.racing import at_once, refused


def told(outcomes: list[object]) -> set[str]:
    """What those who came too late are told."""
    assert refused(outcomes) == len(outcomes) - 1
    return {str(late.message) for late in outcomes if isinstance(late, NotNow)}


def test_three_who_join_by_one_link(own_database):
    link = invited()
    outcomes = at_once(
        [lambda n=n: joining.join(link, username=f"qianyi{n}", password=PASSWORD) for n in range(3)]
    )
    (words,) = told(outcomes)
    assert "刚才已经用过" in words
    assert User.objects.filter(username__startswith="qianyi").count() == 1


def test_two_who_set_a_password_by_one_link(own_database):
    person = joined("sunliu", full_name="孙六")
    link = inviting.renew(by=actor("guanli"), person=person, channel="text")
    outcomes = at_once([lambda n=n: joining.set_password(link, password=f"{PASSWORD}-{n}") for n in range(2)])
    (words,) = told(outcomes)
    assert "刚才已经用过" in words
    assert Invitation.objects.get(pk=link.pk).status == "accepted"
