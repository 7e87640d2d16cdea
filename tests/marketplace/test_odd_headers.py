"""Headers that no honest program sends are refused or passed over; none is a fault of ours."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.marketplace.problems import problem

#: As a server hands over the bytes of a header: é in UTF-8, half a letter, what is no letter.
ODD = ["\xc3\xa9", "\xff", "\x80\x81", "a\x00b", "", " ", ',;="', "x" * 5000, "１２", "*/*;q=é"]


@pytest.fixture
def careful():
    """A client for which a fault is an answer, as it is for the world."""
    return Client(raise_request_exception=False)


@pytest.mark.django_db
@pytest.mark.parametrize("odd", [each for each in ODD if each.strip()])
def test_a_token_that_can_be_none_is_refused_and_not_a_fault(careful, odd):
    sent = odd.encode().decode("latin-1") if not odd.isascii() else odd
    for path in ("/api/v1/me", "/api/v1/matters"):
        answer = careful.get(path, HTTP_AUTHORIZATION=f"Token {sent}")
        problem(answer, 401, "sign-in")
        assert answer["WWW-Authenticate"] == "Token, Bearer"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        "AUTHORIZATION",
        "IDEMPOTENCY_KEY",
        "ACCEPT",
        "ACCEPT_LANGUAGE",
        "X_MEMBERSHIP",
        "HOST",
        "IF_NONE_MATCH",
        "IF_MODIFIED_SINCE",
        "COOKIE",
        "REFERER",
        "ORIGIN",
        "X_CSRFTOKEN",
        "RANGE",
        "HX_REQUEST",
        "HX_CURRENT_URL_URI_AUTOENCODED",
        "HX_CURRENT_URL",
        "ACCEPT_ENCODING",
        "X_FORWARDED_FOR",
        "USER_AGENT",
        "X_REQUEST_ID",
    ],
)
def test_no_header_makes_a_fault(careful, client_of, name):
    signed = client_of("minzheng")
    signed.raise_request_exception = False
    for odd in ODD[:6]:
        sent = odd.encode().decode("latin-1") if not odd.isascii() else odd
        given = {f"HTTP_{name}": sent}
        if name == "COOKIE":
            given["HTTP_COOKIE"] = f"sessionid={sent}; csrftoken={sent}; django_language={sent}"
        for client, path in ((careful, "/help/"), (careful, "/api/v1/me"), (signed, "/api/v1/me")):
            assert client.get(path, **given).status_code < 500, (path, odd)
        assert careful.post("/sign-in/", {"username": "x"}, **given).status_code < 500, odd
        kept = signed.post("/api/v1/matters/nothing/close", b"{}", "application/json", **given)
        assert kept.status_code < 500, odd
