"""The city's single sign-on, asked as a real provider on loopback answers: it knows people, and makes no accounts."""

from __future__ import annotations

import base64
import hashlib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.test import Client

from demo.accounts import PASSWORD
from foundation.journal.models import Entry
from marketplace.sign_in.safety import refusal_of_sign_in
from organizations.factors.models import Factor, FactorKind
from organizations.people.models import User
from organizations.single_sign_on import provider
from organizations.single_sign_on.models import Connection
from tests.marketplace.problems import problem

BACK = "/sign-in/single/back/"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider that runs as a process beside the tests, and ends with them."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "oidc_provider_mock",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                requests.get(f"{address}/.well-known/openid-configuration", timeout=5).raise_for_status()
                break
            except requests.RequestException:
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(autouse=True)
def connected_city(settings, issuer) -> None:
    settings.SSO_ISSUER, settings.SSO_CLIENT_ID, settings.SSO_CLIENT_SECRET = issuer, "liandong", "a secret"
    settings.PUBLIC_ADDRESS = "http://testserver"
    provider._described.clear()


@pytest.fixture
def at_the_provider() -> Callable[[str, str], str]:
    """Signs somebody in at the provider; the address of ours to which it sends the browser back."""

    def sign_in(address: str, subject: str) -> str:
        answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=10)
        assert answer.status_code in (302, 303), answer.text
        back = urlsplit(answer.headers["Location"])
        assert back.path == BACK
        return f"{back.path}?{back.query}"

    return sign_in


def signed_in(username: str) -> Client:
    client = Client()
    assert client.post("/sign-in/", {"username": username, "password": PASSWORD}).status_code == 302
    return client


def connect(client: Client, at_the_provider, subject: str):
    page = client.post("/account/security/single/", {})
    assert page.status_code == 200
    address = client.get("/sign-in/single/?purpose=connect")["Location"]
    return client.get(at_the_provider(address, subject))


def by_sign_on(at_the_provider, subject: str, client: Client | None = None, asked: str = "/inbox/"):
    client = client or Client()
    address = client.get(f"/sign-in/single/?next={asked}")["Location"]
    return client, client.get(at_the_provider(address, subject))


def test_whoever_connected_once_signs_in_by_it_and_goes_where_he_wanted_to(at_the_provider):
    assert connect(signed_in("shenji"), at_the_provider, "jiang-zheng")["Location"] == "/account/security/"
    client, answer = by_sign_on(at_the_provider, "jiang-zheng")
    assert (answer.status_code, answer["Location"]) == (302, "/inbox/")
    assert client.get("/inbox/").status_code == 200
    assert (
        Entry.objects.get(move="connect_single_sign_on").object_id == User.objects.get(username="shenji").pk
    )
    assert Connection.objects.get().last_used_at


def test_who_is_known_to_the_city_and_not_here_gets_no_account_and_is_told_whom_to_ask(at_the_provider):
    before = User.objects.count()
    client, answer = by_sign_on(at_the_provider, "a-stranger")
    assert answer.status_code == 403
    assert "管理员邀请您" in answer.content.decode()
    assert User.objects.count() == before
    assert client.get("/inbox/").status_code == 302


def test_an_answer_that_this_browser_did_not_ask_for_is_refused_and_none_is_read_twice(at_the_provider):
    connect(signed_in("shenji"), at_the_provider, "jiang-zheng")
    asking = Client()
    address = asking.get("/sign-in/single/")["Location"]
    back = at_the_provider(address, "jiang-zheng")
    assert Client().get(back).status_code == 409  # another browser: nobody is signed in as somebody else
    assert asking.get(back.replace("state=", "state=x")).status_code == 409
    client, answer = by_sign_on(at_the_provider, "jiang-zheng")
    assert answer.status_code == 302
    assert client.get(back).status_code == 409


def test_a_code_is_asked_for_in_a_way_that_is_worth_nothing_without_what_this_browser_keeps():
    client = Client()
    query = parse_qs(urlsplit(client.get("/sign-in/single/")["Location"]).query)
    kept = client.session[provider.ASKED]
    digest = hashlib.sha256(kept["verifier"].encode()).digest()
    assert query["code_challenge_method"] == ["S256"]
    assert query["code_challenge"] == [base64.urlsafe_b64encode(digest).decode().rstrip("=")]
    assert query["state"] == [kept["state"]]
    assert kept["verifier"] not in str(query)


def test_what_is_signed_for_another_browser_is_not_believed(at_the_provider):
    connect(signed_in("shenji"), at_the_provider, "jiang-zheng")
    client = Client()
    back = at_the_provider(client.get("/sign-in/single/")["Location"], "jiang-zheng")
    session = client.session
    session[provider.ASKED] = {**session[provider.ASKED], "nonce": "another"}
    session.save()
    assert client.get(back).status_code == 409
    assert client.get("/inbox/").status_code == 302
    client, answer = by_sign_on(at_the_provider, "jiang-zheng")
    assert answer.status_code == 302


def test_an_account_is_connected_once_and_with_one_person(at_the_provider):
    first = signed_in("shenji")
    connect(first, at_the_provider, "jiang-zheng")
    assert connect(first, at_the_provider, "another").status_code == 409
    assert connect(signed_in("minzheng"), at_the_provider, "jiang-zheng").status_code == 409
    assert Connection.objects.count() == 1


def test_nobody_is_connected_without_having_asked_for_it(at_the_provider):
    client = signed_in("shenji")
    address = client.get("/sign-in/single/?purpose=connect")["Location"]
    assert client.get(at_the_provider(address, "jiang-zheng")).status_code == 409
    assert not Connection.objects.exists()


def test_its_own_factor_counts_only_in_words_that_the_city_counts(at_the_provider, settings):
    connect(signed_in("shenji"), at_the_provider, "jiang-zheng")
    person = User.objects.get(username="shenji")
    Factor.objects.create(user=person, kind=FactorKind.APP, name="手机", secret=b"x")
    _client, answer = by_sign_on(at_the_provider, "jiang-zheng")
    assert answer["Location"] == "/sign-in/factor/"
    settings.SSO_PROVES = ["mfa"]
    assert provider._proved({"amr": ["pwd", "mfa"]})
    assert not provider._proved({"amr": ["pwd"], "acr": "1"})
    assert not provider._proved({})


def test_an_account_that_is_closed_here_stays_closed(at_the_provider):
    connect(signed_in("shenji"), at_the_provider, "jiang-zheng")
    User.objects.filter(username="shenji").update(is_active=False)
    _client, answer = by_sign_on(at_the_provider, "jiang-zheng")
    assert answer.status_code == 403


def test_it_is_disconnected_by_page_and_by_api(at_the_provider, api_of):
    connect(signed_in("shenji"), at_the_provider, "jiang-zheng")
    api = api_of("shenji")
    (own,) = api.get("/api/v1/connections").json()
    path = f"/api/v1/connections/{own['id']}/disconnect"
    problem(api.post(path, {"password": "wrong"}, format="json"), 400, "invalid")
    assert api_of("minzheng").post(path, {"password": PASSWORD}, format="json").status_code == 404
    assert api.post(path, {"password": PASSWORD}, format="json").status_code == 204
    client = signed_in("shenji")
    connect(client, at_the_provider, "jiang-zheng")
    assert client.post(f"/account/security/single/{Connection.objects.get().pk}/", {}).status_code == 302
    assert not Connection.objects.exists()


def test_while_it_is_away_people_are_told_to_use_the_password(settings):
    settings.SSO_ISSUER = "http://localhost:9"
    answer = Client().get("/sign-in/single/")
    assert answer.status_code == 503
    assert "用户名和密码" in answer.content.decode()


def test_without_one_there_is_no_such_door(settings):
    settings.SSO_ISSUER = ""
    assert Client().get("/sign-in/single/").status_code == 404
    assert Client().get(BACK).status_code == 404
    assert "统一身份认证" not in Client().get("/sign-in/").content.decode()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"SSO_ISSUER": "http://login.example.cn"}, "http://"),
        ({"SSO_CLIENT_SECRET": ""}, "SSO_CLIENT_SECRET"),
        ({"SSO_ISSUER": "login.example.cn"}, "no address"),
        ({"SSO_ISSUER": ""}, "missing"),
        (
            {"SSO_ISSUER": "https://login.example.cn", "PUBLIC": True, "HTTPS": False},
            "code that signs them in",
        ),
    ],
)
def test_a_start_with_an_unsafe_sign_on_is_refused(settings, given, why):
    for name, value in given.items():
        setattr(settings, name, value)
    assert why in refusal_of_sign_in()


def test_a_start_with_a_safe_one_is_not(settings):
    assert refusal_of_sign_in() == ""
    settings.SSO_ISSUER = "https://login.example.cn/realms/city"
    assert refusal_of_sign_in() == ""
