"""A second factor: set up, asked for, forced by the rule, limited, used up, and reset by an administrator."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from rest_framework.test import APIClient

from demo.accounts import PASSWORD
from foundation.inbox.models import Notice
from foundation.journal.models import Entry
from foundation.roles import STAFF
from foundation.rules import reading
from organizations.factors import keeping, recovery, totp
from organizations.factors.models import Factor, RecoveryCode
from organizations.people.models import Membership, User
from organizations.signing_in import gate, tries
from tests.factories.rules import rule
from tests.marketplace.problems import problem

API = "/api/v1"
NOON = datetime(2026, 11, 28, 4, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def app_of(who) -> Callable[[str], bytes]:
    """The secret of an app that a demo person has added a minute ago, so that the code of now is unused."""

    def added(username: str) -> bytes:
        person = User.objects.get(username=username)
        sealed = keeping.offer(person)
        secret = keeping.offered(person, sealed)
        before = totp.step_of(datetime.now(UTC)) - 1
        keeping.add_app(
            person, by=who(username), name="手机", sealed=sealed, code=totp.code_of(secret, before)
        )
        return secret

    return added


def code_now(secret: bytes) -> str:
    return totp.code_of(secret, totp.step_of(datetime.now(UTC)))


def by_password(username: str, client: Client | None = None):
    client = client or Client()
    return client, client.post("/sign-in/?next=/inbox/", {"username": username, "password": PASSWORD})


def token(username: str, **more: str):
    given = {"username": username, "password": PASSWORD, **more}
    return APIClient().post(f"{API}/sign-in", given, format="json")


def test_codes_are_those_of_the_standard():
    # RFC 6238, appendix B, for SHA-1, cut to six digits.
    known = {
        59: "287082",
        1111111109: "081804",
        1111111111: "050471",
        1234567890: "005924",
        20000000000: "353130",
    }
    secret = b"12345678901234567890"
    assert {at: totp.code_of(secret, at // totp.STEP) for at in known} == known


def test_whoever_has_an_app_is_asked_for_its_code_and_goes_where_he_wanted_to(app_of):
    secret = app_of("shenji")
    client, answer = by_password("shenji")
    assert answer["Location"] == "/sign-in/factor/"
    assert client.get("/inbox/").status_code == 302  # the password alone opens nothing
    assert "选填" not in client.get("/sign-in/factor/").content.decode()
    assert client.post("/sign-in/factor/", {"code": "000000"}).status_code == 422
    answer = client.post("/sign-in/factor/", {"code": code_now(secret)})
    assert (answer.status_code, answer["Location"]) == (302, "/inbox/")
    assert client.get("/inbox/").status_code == 200


def test_a_code_is_good_once_and_for_a_minute(app_of, clock):
    secret = app_of("shenji")
    code = code_now(secret)
    client, _answer = by_password("shenji")
    assert client.post("/sign-in/factor/", {"code": code}).status_code == 302
    again, _answer = by_password("shenji")
    assert again.post("/sign-in/factor/", {"code": code}).status_code == 422
    clock.shift(timedelta(seconds=90))
    old = totp.code_of(secret, totp.step_of(datetime.now(UTC)) - 2)
    assert again.post("/sign-in/factor/", {"code": old}).status_code == 422
    assert again.post("/sign-in/factor/", {"code": code_now(secret)}).status_code == 302


def test_the_wait_for_a_factor_ends_with_time_and_with_the_password(app_of, clock):
    secret = app_of("shenji")
    client, _answer = by_password("shenji")
    clock.shift(timedelta(minutes=11))
    assert client.post("/sign-in/factor/", {"code": code_now(secret)}).status_code == 409
    client, _answer = by_password("shenji")
    person = User.objects.get(username="shenji")
    person.set_password("another-long-one-9")
    person.save()
    assert client.post("/sign-in/factor/", {"code": code_now(secret)}).status_code == 409


def test_guessing_codes_ends_and_a_right_password_does_not_open_it_anew(app_of):
    secret = app_of("shenji")
    client, _answer = by_password("shenji")
    codes = [
        client.post("/sign-in/factor/", {"code": "000000"}).status_code for _ in range(tries.MOST_HERE + 1)
    ]
    assert codes == [422] * tries.MOST_HERE + [429]
    _client, answer = by_password("shenji", client)
    assert answer["Location"] == "/sign-in/factor/"
    answer = client.post("/sign-in/factor/", {"code": code_now(secret)})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert answer["RateLimit-Policy"].startswith('"sign-in-factor-')


def test_whoever_has_a_factor_is_kept_out_by_nobody_elsewhere(app_of):
    app_of("shenji")
    for number in range(tries.MOST_OF_ACCOUNT + 5):
        stranger = Client(REMOTE_ADDR=f"203.0.{number}.7")
        stranger.post("/sign-in/", {"username": "shenji", "password": "wrong"})
    _owner, answer = by_password("shenji", Client(REMOTE_ADDR="198.51.100.3"))
    assert answer.headers["Location"] == "/sign-in/factor/"


def test_who_guesses_elsewhere_keeps_the_owner_in_a_known_browser_in(app_of, clock):
    secret = app_of("shenji")
    own, _answer = by_password("shenji", Client(REMOTE_ADDR="203.0.113.7"))
    assert own.post("/sign-in/factor/", {"code": code_now(secret)}).status_code == 302
    for number in range(6):
        stranger, _answer = by_password("shenji", Client(REMOTE_ADDR=f"198.51.100.{number}"))
        for _ in range(tries.MOST_HERE):
            stranger.post("/sign-in/factor/", {"code": "000000"})
    assert stranger.post("/sign-in/factor/", {"code": "000000"}).status_code == 429
    own.cookies.pop("sessionid")
    clock.shift(timedelta(seconds=30))
    by_password("shenji", own)
    assert own.post("/sign-in/factor/", {"code": code_now(secret)}).status_code == 302


def test_an_app_is_added_by_page_with_its_code_and_the_codes_for_paper_are_shown_once():
    client, _answer = by_password("shenji")
    page = client.get("/account/security/app/").content.decode()
    assert "data:image/svg+xml" in page
    sealed = re.search(r'name="offer" value="([^"]+)"', page).group(1)
    secret = keeping.offered(User.objects.get(username="shenji"), sealed)
    wrong = client.post("/account/security/app/", {"offer": sealed, "code": "12345x", "name": "手机"})
    assert wrong.status_code == 422
    assert not Factor.objects.exists()
    answer = client.post(
        "/account/security/app/", {"offer": sealed, "code": code_now(secret), "name": "手机"}
    )
    codes = re.findall(r"<code>([A-Z2-7]{4}-[A-Z2-7]{4})</code>", answer.content.decode())
    assert len(set(codes)) == recovery.COUNT
    assert codes[0] not in client.get("/account/security/").content.decode()
    assert Notice.objects.filter(user_id=User.objects.get(username="shenji").pk).exists()
    other, _answer = by_password("shenji")
    assert other.post("/sign-in/factor/", {"code": codes[3].lower()}).status_code == 302
    third, _answer = by_password("shenji")
    assert third.post("/sign-in/factor/", {"code": codes[3]}).status_code == 422


def test_a_session_of_before_the_first_factor_adds_none_renews_no_codes_and_is_over(app_of):
    stranger, _answer = by_password("shenji")
    assert stranger.get("/workbench/").status_code == 200
    app_of("shenji")
    for address in ("/account/security/app/", "/account/security/codes/", "/workbench/"):
        assert stranger.get(address).headers["Location"].startswith("/sign-in/")
    assert stranger.post("/account/security/codes/", {}).status_code in (302, 403)


def test_the_session_that_adds_the_first_factor_goes_on_and_all_others_end(api_of):
    other, session = api_of("shenji"), by_password("shenji")[0]
    elsewhere, _answer = by_password("shenji")
    form = session.get("/account/security/app/").context
    secret = base64.b32decode("".join(form["typed_key"].split()))
    given = {"offer": form["form"]["offer"].value(), "name": "手机", "code": code_now(secret)}
    assert session.post("/account/security/app/", given).status_code == 200
    assert session.get("/workbench/").status_code == 200
    assert elsewhere.get("/workbench/").status_code == 302
    assert other.get(f"{API}/me").status_code == 401


def test_new_codes_are_told_to_their_owner(app_of, who):
    app_of("shenji")
    person = User.objects.get(username="shenji")
    keeping.renew_codes(person, by=who("shenji"))
    assert "备用码换了一批" in str(Notice.objects.filter(user_id=person.pk).latest("pk").texts)


@pytest.mark.parametrize("code", ["一二三四五六", "²²²²²²", "", "12345", "1234567", "١٢٣٤٥٦٧٨٩"])
def test_a_code_that_is_no_six_digits_is_wrong_and_breaks_nothing(code):
    session, _answer = by_password("shenji")
    form = session.get("/account/security/app/").context
    given = {"offer": form["form"]["offer"].value(), "name": "手机", "code": code}
    assert session.post("/account/security/app/", given).status_code == 422
    assert not Factor.objects.exists()


@pytest.mark.parametrize(
    "answer", ["[" * 19_000, "{}", '{"id": 1}', '{"rawId": "AA", "response": []}', "x", "null"]
)
def test_what_no_browser_sends_is_no_passkey_and_breaks_nothing(answer):
    client = Client(headers={"host": "localhost"})
    assert client.post("/sign-in/passkey/", {"answer": answer}).status_code == 422


def test_an_offer_is_nobody_elses():
    sealed = keeping.offer(User.objects.get(username="shenji"))
    with pytest.raises(keeping.Invalid):
        keeping.offered(User.objects.get(username="minzheng"), sealed)
    with pytest.raises(keeping.Invalid):
        keeping.offered(User.objects.get(username="minzheng"), "nonsense")


def test_an_offer_is_kept_once(who):
    person = User.objects.get(username="shenji")
    sealed = keeping.offer(person)
    given = {"name": "手机", "sealed": sealed, "code": code_now(keeping.offered(person, sealed))}
    keeping.add_app(person, by=who("shenji"), **given)
    with pytest.raises(keeping.Invalid, match="已经添加过"):
        keeping.add_app(person, by=who("shenji"), **given)


def test_later_the_password_is_asked_before_the_own_sign_in_is_changed(app_of, clock):
    secret = app_of("shenji")
    client, _answer = by_password("shenji")
    client.post("/sign-in/factor/", {"code": code_now(secret)})
    clock.shift(timedelta(minutes=11))
    factor = Factor.objects.get()
    path = f"/account/security/factors/{factor.pk}/remove/"
    assert client.post(path, {}).status_code == 422
    assert client.post(path, {"password": "wrong"}).status_code == 422
    assert client.post(path, {"password": PASSWORD}).status_code == 302
    assert not Factor.objects.exists()
    assert not RecoveryCode.objects.exists()


def test_a_factor_of_another_is_not_there(app_of):
    app_of("shenji")
    client, _answer = by_password("minzheng")
    assert client.post(f"/account/security/factors/{Factor.objects.get().pk}/remove/", {}).status_code == 404


# --- the rule --------------------------------------------------------------------------


def test_by_default_everybody_of_the_staff_needs_one():
    assert set(reading.default(gate.FACTOR).value["roles"]) == {str(role) for role in STAFF}
    assert set(reading.default(gate.TIMES).value["roles"]) == {str(role) for role in STAFF}


def test_in_such_a_role_one_without_a_factor_can_only_set_one_up():
    rule(gate.FACTOR, roles=["auditor"])
    client, _answer = by_password("shenji")
    for path in ("/journal/", "/workbench/", "/inbox/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, "/account/security/"), path
    assert client.post("/drafts/").status_code == 403
    problem(client.get(f"{API}/journal"), 403, "not-yours")
    assert client.get("/").status_code == 200  # as anybody
    page = client.get("/account/security/app/").content.decode()
    sealed = re.search(r'name="offer" value="([^"]+)"', page).group(1)
    secret = keeping.offered(User.objects.get(username="shenji"), sealed)
    client.post("/account/security/app/", {"offer": sealed, "code": code_now(secret), "name": "手机"})
    assert client.get("/journal/").status_code == 200
    assert client.get(f"{API}/journal").status_code == 200


def test_the_rule_names_roles_of_the_staff_alone_and_no_household_needs_a_factor(client_of):
    choices = reading.current(gate.FACTOR).fields["roles"].choices()
    assert set(choices) == {str(role) for role in STAFF}
    membership = Membership(role="household")
    membership.factor_rule = {"roles": ["household"]}
    assert not gate.must_prove(membership)


def test_the_rule_holds_for_sessions_that_are_open_already():
    client, _answer = by_password("shenji")
    assert client.get("/journal/").status_code == 200
    rule(gate.FACTOR, roles=["auditor"])
    assert client.get("/journal/")["Location"] == "/account/security/"


def test_another_membership_that_needs_none_may_be_chosen():
    rule(gate.FACTOR, roles=["auditor"])
    person = User.objects.get(username="shenji")
    second = Membership.objects.create(user=person, role="evaluator")
    client, _answer = by_password("shenji")
    assert client.get("/workbench/").status_code == 302
    assert client.post("/switch/role/", {"membership": second.pk}).status_code == 302
    assert client.get("/workbench/").status_code == 200
    own = person.memberships.get(role="auditor")
    headers = {"X-Membership": str(own.pk)}
    problem(client.get(f"{API}/journal", headers=headers), 403, "not-yours")


def test_the_last_factor_of_such_a_role_stays(app_of):
    rule(gate.FACTOR, roles=["auditor"])
    secret = app_of("shenji")
    client, _answer = by_password("shenji")
    client.post("/sign-in/factor/", {"code": code_now(secret)})
    path = f"/account/security/factors/{Factor.objects.get().pk}/remove/"
    assert client.post(path, {}).status_code == 422
    assert Factor.objects.exists()


# --- the API ---------------------------------------------------------------------------


def test_a_token_is_given_after_the_factor_alone(app_of):
    secret = app_of("shenji")
    assert problem(token("shenji"), 400, "invalid")["errors"].keys() == {"code"}
    assert problem(token("shenji", code="000000"), 400, "invalid")["errors"].keys() == {"code"}
    assert token("shenji", code=code_now(secret)).status_code == 200


def test_without_a_factor_such_a_role_gets_no_token_and_a_token_of_before_is_held_back():
    early = APIClient()
    early.credentials(HTTP_AUTHORIZATION=f"Token {token('shenji').json()['token']}")
    assert early.get(f"{API}/journal").status_code == 200
    rule(gate.FACTOR, roles=["auditor"])
    problem(token("shenji"), 403, "not-yours")
    problem(early.get(f"{API}/journal"), 403, "not-yours")


def test_codes_are_limited_in_the_api_too(app_of):
    app_of("shenji")
    answers = [token("shenji", code="000000") for _ in range(tries.MOST_HERE + 1)]
    assert [answer.status_code for answer in answers] == [400] * tries.MOST_HERE + [429]
    assert answers[-1]["RateLimit"].startswith('"sign-in-factor-')


def test_an_app_is_added_and_removed_by_the_api(api_of):
    api = api_of("shenji")
    offer = api.post(f"{API}/factors/offer-app").json()
    secret = keeping.offered(User.objects.get(username="shenji"), offer["offer"])
    given = {"offer": offer["offer"], "code": code_now(secret), "name": "机房", "password": PASSWORD}
    problem(api.post(f"{API}/factors/add-app", {**given, "password": "x"}, format="json"), 400, "invalid")
    answer = api.post(f"{API}/factors/add-app", given, format="json")
    codes = answer.json()["codes"]
    assert len(codes) == recovery.COUNT
    assert api.get(f"{API}/factors").status_code == 401
    api.credentials(HTTP_AUTHORIZATION=f"Token {token('shenji', code=codes[0]).json()['token']}")
    (factor,) = api.get(f"{API}/factors").json()
    assert (factor["kind"], factor["name"]) == ("app", "机房")
    path = f"{API}/factors/{factor['id']}/remove"
    assert api.post(path, {"password": PASSWORD}, format="json").status_code == 204
    assert api.get(f"{API}/factors").json() == []


# --- whoever has lost them ---------------------------------------------------------------


def test_an_administrator_takes_lost_factors_away_with_a_reason_and_everything_open_ends(app_of):
    secret = app_of("shenji")
    client, _answer = by_password("shenji")
    client.post("/sign-in/factor/", {"code": code_now(secret)})
    person = User.objects.get(username="shenji")
    admin, _answer = by_password("guanli")
    assert "清除第二步验证" in admin.get(f"/people/{person.pk}/").content.decode()
    path = f"/people/{person.pk}/reset-factors/"
    assert admin.post(path, {"reason": ""}).status_code == 422
    assert admin.post(path, {"reason": "手机丢失，持工作证到场"}).status_code == 302
    assert not Factor.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert client.get("/inbox/").status_code == 302
    entry = Entry.objects.get(move="reset_factors")
    assert (entry.object_id, entry.reason) == (person.pk, "手机丢失，持工作证到场")
    assert Notice.objects.filter(user_id=person.pk, texts__icontains="清除").exists()
    assert by_password("shenji")[1]["Location"] == "/inbox/"


def test_nobody_takes_his_own_away_or_those_of_somebody_elsewhere(app_of, api_of):
    app_of("guanli")
    secret = app_of("shenji")
    own = User.objects.get(username="guanli")
    person = User.objects.get(username="shenji")
    assert token("guanli", code=code_now(secret)).status_code == 400
    answer = api_of("jiguan").post(f"{API}/people/{person.pk}/reset-factors", {"reason": "x"}, format="json")
    assert answer.status_code == 404
    with pytest.raises(keeping.NotYours):
        keeping.reset(own, by=own.memberships.get().actor(), reason="丢了")
    assert Factor.objects.filter(user=own).exists()


def test_what_people_do_to_their_own_accounts_is_told_of_them_and_not_of_their_office(client_of, app_of):
    app_of("minzheng")
    person = User.objects.get(username="minzheng")
    page = client_of("guanli").get(person.get_absolute_url()).content.decode()
    assert "本人添加了一个第二步验证" in page
    office = Membership.objects.get(user=person).organization
    assert f"{office}添加了" not in page
