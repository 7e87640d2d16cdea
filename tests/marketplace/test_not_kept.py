"""No cache and no going back shows what was read by somebody who has signed out, or by a secret address."""

from __future__ import annotations

import pytest
from django.test import Client
from rest_framework.test import APIClient

from tests import factories

#: What is the same for everybody, and may be kept.
PUBLIC = ("/hsds/services", "/open-data/ocds/extensions/bids/extension.json", "/api/v1/schema")


@pytest.mark.parametrize(
    "path",
    [
        "/workbench/",
        "/households/",
        "/inbox/",
        "/matters/",
        "/search/?q=x",
        "/api/v1/households",
        "/api/v1/me",
        "/api/v1/nothing",
        "/nothing/",
        "/matters/new/accept_application/",
    ],
)
def test_what_somebody_reads_is_kept_by_nobody(client_of, path):
    assert client_of("chuangkou").get(path)["Cache-Control"] == "private, no-store"


def test_the_page_of_a_household_is_kept_by_nobody(client_of, api_of):
    household = factories.AcceptedMatter().household
    for answer in (
        client_of("chuangkou").get(household.get_absolute_url()),
        api_of("chuangkou").get(f"/api/v1/households/{household.number}"),
        client_of("chuangkou").post(f"{household.get_absolute_url()}update/", {}),
    ):
        assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/sign-in/household/", "/apply/", "/help/"])
def test_a_page_with_somebodys_form_token_is_kept_by_nobody(path):
    assert "no-store" in Client().get(path)["Cache-Control"]


@pytest.mark.parametrize("path", PUBLIC)
def test_what_is_the_same_for_everybody_says_so_itself(path):
    answer = APIClient().get(path)
    assert answer.status_code == 200
    assert "no-store" not in answer["Cache-Control"]
