"""Who cannot bid, or apply, reads so where the button would stand, and before anything is filled in."""

from __future__ import annotations

import pytest
from django.test import Client

from foundation.refusals import Refused
from organizations.providers import standing
from organizations.providers.models import Provider
from procurement.purchases.models import Project
from tests import factories
from tests.procurement import purchases

pytestmark = pytest.mark.usefixtures("db")

BUTTON = "写投标文件"


def coordinator_of(provider: Provider) -> Client:
    client = Client()
    client.force_login(factories.user_of(provider))
    return client


def pages(client: Client, project: Project) -> list[str]:
    return [
        client.get(address).content.decode()
        for address in ("/desk/", project.get_absolute_url(), f"{project.get_absolute_url()}bid/")
    ]


def test_a_suspended_provider_is_told_before_it_writes_a_bid_or_an_application():
    project, provider = purchases.published(), factories.AcceptedOffer().provider
    client = coordinator_of(provider)
    desk, page, form = pages(client, project)
    assert BUTTON in desk
    assert BUTTON in page
    assert "现在不能办理" not in form
    assert "申报服务项目</a>" in client.get("/offers/").content.decode()
    standing.suspend(provider, by=purchases.officer(), reason="整改")
    desk, page, form = pages(client, project)
    for shown in (desk, page):
        assert BUTTON not in shown
        assert "已暂停" in shown
    assert "现在不能办理" in form
    offers = client.get("/offers/").content.decode()
    assert "申报服务项目</a>" not in offers
    assert "不能申报" in offers
    assert "现在不能办理" in client.get("/offers/new/apply/").content.decode()


def test_whoever_has_sealed_a_bid_is_not_offered_a_second():
    project, provider = purchases.published(), factories.AccreditedProvider()
    purchases.bid_by(project, provider)
    _desk, page, form = pages(coordinator_of(provider), project)
    assert BUTTON not in page
    assert "您已经投标" in page
    assert "您已经投标" in form
    with pytest.raises(Refused, match="您已经投标"):
        purchases.bid_by(project, provider)
