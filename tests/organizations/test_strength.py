"""A weak password is told in the reader's language, together with whatever else is wrong, wherever one is set."""

from __future__ import annotations

import re
from itertools import chain

import pytest
from django.conf import settings
from django.contrib.auth.forms import SetPasswordMixin
from django.contrib.auth.password_validation import get_default_password_validators
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.test import Client
from django.utils import translation
from rest_framework.test import APIClient

from foundation.city.models import City
from foundation.roles import Role
from organizations.invitations import codes, inviting
from organizations.invitations.forms import NewPassword
from organizations.people.models import Membership, User
from organizations.signing_in.strength import HardToGuess
from tests.factories import actor
from tests.house.packages import below
from tests.marketplace.test_office import path as first_link
from tests.organizations.test_joining_providers import facts, proved
from tests.organizations.test_people import invited

CHINESE, ENGLISH = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[A-Za-z]{2,}")
WEAK = ("123", "password123", "wangqin-12", "1234567890")
VALIDATORS = get_default_password_validators()


def refusals(validator) -> list[str]:
    """What a validator says to those of the weak passwords that it refuses."""
    person, said = User(username="wangqin", full_name="王琴", email="w@example.org"), []
    for password in WEAK:
        try:
            validator.validate(password, person)
        except ValidationError as fault:
            said += fault.messages
    return said


@pytest.mark.parametrize("validator", VALIDATORS, ids=lambda each: type(each).__name__)
@pytest.mark.parametrize(("language", "other"), [("zh-hans", ENGLISH), ("en", CHINESE)])
def test_no_validator_speaks_the_other_language(validator, language, other):
    with translation.override(language):
        said = refusals(validator)
        assert said, "none of the weak passwords is weak to it"
        assert [words for words in (*said, validator.get_help_text()) if other.search(words)] == []


@pytest.mark.parametrize(
    "password",
    [
        *("liandong-2026", "passwordpassword", "lilei-lilei", "lileililei", "woaini1314520", "zhangsan123"),
        *("jiangyin2026", "JiangYin-2026", "jiangyin@123456", "minzheng2026", "李雷李雷李雷李雷李雷"),
    ],
)
def test_what_others_guess_at_once_is_weak(password):
    City.objects.update(name="江阴市", name_en="Jiangyin")
    with pytest.raises(ValidationError):
        HardToGuess().validate(password, User(username="lilei", full_name="李雷"))


@pytest.mark.parametrize("password", ["yi-ju-chang-mima-7", "tianma-9-xingkong", "Kx7-mofang-91"])
def test_what_takes_long_to_guess_is_strong_however_long_it_is(password):
    for text in (password, password + "".join(chr(97 + n * n % 26) for n in range(110))):
        HardToGuess().validate(text, User(username="lilei", full_name="李雷"))


def errors_of(answer) -> dict[str, list[str]]:
    """What the form says is wrong, by field."""
    assert answer.status_code in (200, 422)
    return dict(answer.context["form"].errors)


def begin(client: Client, **given: str):
    Membership.objects.filter(role=Role.ADMINISTRATOR).delete()
    City.objects.all().delete()
    return client.post(first_link(), {"full_name": "王琴", **given})


def join(client: Client, **given: str):
    return client.post(f"/join/{codes.code_of(invited())}/", given)


def renew(client: Client, **given: str):
    person = User.objects.get(username="jigou")
    link = codes.code_of(inviting.renew(by=actor("guanli"), person=person, channel="letter"))
    return client.post(f"/join/{link}/", given)


def join_as_provider(client: Client, **given: str):
    return proved(client).post("/providers/join/form/", facts(**given))


DOORS = [begin, join, renew, join_as_provider]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("door", DOORS, ids=lambda each: each.__name__)
def test_every_door_tells_of_a_short_password_in_the_language_of_the_page(client, door, language):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    errors = errors_of(door(client, username="wangqin", password="123", again="123"))
    other = ENGLISH if language == "zh-hans" else CHINESE
    assert set(errors) == {"password"}
    assert [words for words in errors["password"] if other.search(words)] == []


@pytest.mark.parametrize(
    ("door", "wrong", "fields"),
    [
        (begin, {"full_name": "", "username": ""}, {"full_name", "username"}),
        (begin, {"username": "minzheng"}, {"username"}),
        (join, {"username": "a b"}, {"username"}),
        (join, {"username": ""}, {"username"}),
        (renew, {}, set()),
        (join_as_provider, {"phone": "12", "username": "a b"}, {"phone", "username"}),
        (join_as_provider, {"serves": []}, {"serves"}),
    ],
)
def test_a_short_password_is_told_together_with_all_else(client, door, wrong, fields):
    errors = errors_of(door(client, **{"username": "wangqin", **wrong, "password": "123", "again": "124"}))
    assert set(errors) == {"password", "again"} | fields


def test_the_change_of_a_password_tells_everything_at_once_and_says_no_english(client_of):
    client = client_of("shenji")
    sent = {"old_password": "wrong", "new_password1": "123", "new_password2": "124"}
    answer = client.post("/password/", sent)
    errors = errors_of(answer)
    assert set(errors) == set(sent)
    form = answer.context["form"]
    said = [
        *chain.from_iterable(errors.values()),
        *(str(field.label) + str(field.help_text) for field in form),
    ]
    assert [words for words in said if ENGLISH.search(re.sub(r"<[^>]*>", "", words))] == []


def test_a_password_like_the_invited_persons_own_is_told_by_the_form(client):
    invitation = invited(email="qianyi-renshe@example.org", channel="mail")
    given = {"username": "other", "password": "qianyi-renshe@example", "again": "qianyi-renshe@example"}
    answer = client.post(f"/join/{codes.code_of(invitation)}/", given)
    assert set(errors_of(answer)) == {"password"}


def test_a_password_is_kept_as_it_was_typed(client):
    given = {"username": "qianyi", "password": " a-long-enough-word ", "again": " a-long-enough-word "}
    assert client.post(f"/join/{codes.code_of(invited())}/", given).status_code == 302
    assert User.objects.get(username="qianyi").check_password(" a-long-enough-word ")


def test_a_program_is_told_of_it_with_the_other_fields():
    body = facts(mobile="13912345678", asker="x", code="000000", password="123", phone="12")
    del body["again"]
    answer = APIClient().post("/api/v1/providers/join", body, format="json")
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"password", "phone"}


def test_every_form_that_sets_a_password_checks_it_itself():
    """A field for a new password stands in no other form than those that check it in their ``clean``."""
    unchecked = [
        form.__name__
        for form in below(BaseForm)
        if not issubclass(form, NewPassword | SetPasswordMixin)
        for field in getattr(form, "base_fields", {}).values()
        if field.widget.attrs.get("autocomplete") == "new-password"
    ]
    assert unchecked == []
