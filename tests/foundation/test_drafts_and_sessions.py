"""What was typed survives the end of a sign-in, for the same person in the same role alone."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from demo.accounts import PASSWORD as DEMO_PASSWORD
from foundation.drafts.models import FormDraft
from organizations.people.models import Membership, User
from referrals.matters.models import Matter
from tests import factories
from tests.foundation.unsent import INTAKE, family, hidden, opened, typing


@pytest.fixture
def ended(window):
    """A form that was opened and filled, and then the sign-in ended."""
    form = opened(window)
    window.logout()
    return window, form


def sign_in(client: Client, username: str, follow: str):
    return client.post(
        "/sign-in/", {"username": username, "password": DEMO_PASSWORD, "next": follow}, follow=True
    )


def test_a_save_after_the_sign_in_has_ended_says_so_and_draws_no_page(ended):
    client, form = ended
    answer = client.post(f"/drafts/?path={INTAKE}", {**form, **family()}, headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert "登录已过期" in answer.content.decode()
    assert "password" not in answer.content.decode()
    assert answer["HX-Retarget"] == "#ended"


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/intake/household/", "post"),
        ("/reveal/referrals.Referral/1/contact_phone/", "post"),
        ("/workbench/", "get"),
    ],
)
def test_no_fragment_of_a_page_ever_becomes_the_sign_in_page(client, path, method):
    answer = getattr(client, method)(path, headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert "password" not in answer.content.decode()


def test_what_is_sent_after_the_sign_in_has_ended_comes_back_to_the_same_person(ended):
    client, form = ended
    before = Matter.objects.count()
    answer = client.post(INTAKE, {**form, **family()})
    assert answer.status_code == 302
    back = re.search(r"next=([^&]+)", answer["Location"]).group(1).replace("%3F", "?").replace("%3D", "=")
    at_the_door = client.get(answer["Location"]).content.decode()
    assert "丈夫被抓" not in at_the_door
    assert "内容已保存" in at_the_door
    page = sign_in(client, "chuangkou", back).content.decode()
    assert "丈夫被抓" in page
    assert hidden(page, "key") == form["key"]
    assert page.count(" checked") == 1
    assert Matter.objects.count() == before


def test_what_is_sent_after_the_sign_in_has_ended_is_not_shown_to_another(ended):
    client, form = ended
    client.post(INTAKE, {**form, **family()})
    page = sign_in(client, "chuangkou2", f"{INTAKE}?draft={form['key']}").content.decode()
    assert "丈夫被抓" not in page
    assert "李" not in re.sub(r"<header.*?</header>|办理", "", page, flags=re.S).split("<form")[1]
    owner = sign_in(client, "chuangkou", f"{INTAKE}?draft={form['key']}").content.decode()
    assert "丈夫被抓" in owner


def test_a_form_that_one_person_opened_is_not_sent_under_another(window, client_of):
    form, other = opened(window), client_of("chuangkou2")
    before = Matter.objects.count()
    answer = other.post(INTAKE, {**form, **family()}, follow=True)
    assert "另一位" in answer.content.decode()
    assert "丈夫被抓" not in answer.content.decode()
    assert Matter.objects.count() == before
    assert typing(other, form, **family()).status_code == 409
    assert "丈夫被抓" in window.get(f"{INTAKE}?draft={form['key']}").content.decode()


@pytest.mark.parametrize("owner", ["", "1", "1:x:y", "x"])
def test_nobody_writes_into_anothers_drafts_with_a_mark_of_their_own(client, owner):
    before = FormDraft.objects.count()
    client.post(INTAKE, {"key": "k", "owner": owner, **family()})
    assert FormDraft.objects.count() == before


def test_a_page_from_before_a_new_sign_in_keeps_its_words(db):
    client = Client(enforce_csrf_checks=True)
    user = User.objects.get(username="chuangkou")
    client.force_login(user)
    page = client.get(INTAKE).content.decode()
    form = {"key": hidden(page, "key"), "owner": hidden(page, "owner")}
    answer = client.post(INTAKE, {**form, **family(), "csrfmiddlewaretoken": "x" * 64})
    assert answer.status_code == 302
    shown = client.get(answer["Location"]).content.decode()
    assert "丈夫被抓" in shown
    assert "没有提交" in shown
    assert client.post(INTAKE, family()).status_code == 403


@pytest.fixture
def two_seats(client_of):
    """A window worker who also sits at the window of another town; and the way there."""
    user = User.objects.get(username="chuangkou")
    other = User.objects.get(username="chuangkou2").memberships.get()
    second = Membership.objects.create(
        user=user,
        role=other.role,
        organization=other.organization,
        place=other.place,
        valid_from="2020-01-01",
    )
    client = client_of("chuangkou")
    first = user.memberships.first()
    assert first.organization_id != second.organization_id
    return client, lambda seat: client.post(
        "/switch/role/", {"membership": {"first": first, "second": second}[seat].pk}
    )


def test_what_was_typed_in_one_role_is_not_read_in_another(two_seats):
    client, change = two_seats
    form = opened(client)
    typing(client, form, **family())
    assert change("second").status_code == 302
    assert form["key"] not in client.get(INTAKE).content.decode()
    assert "丈夫被抓" not in client.get(f"{INTAKE}?draft={form['key']}").content.decode()
    change("first")
    assert "丈夫被抓" in client.get(f"{INTAKE}?draft={form['key']}").content.decode()


def test_a_form_opened_in_one_role_is_neither_saved_nor_sent_in_another(two_seats):
    client, change = two_seats
    form = opened(client)
    change("second")
    answer = typing(client, form, **family())
    assert answer.status_code == 409
    assert "另一个身份" in answer.content.decode()
    known = factories.new_id_number()
    factories.AcceptedMatter(id_number=known)
    before = Matter.objects.count()
    sent = client.post(INTAKE, {**form, **family(id_number=known, about=known)}, follow=True)
    assert "另一个身份" in sent.content.decode()
    assert "丈夫被抓" not in sent.content.decode()
    assert Matter.objects.count() == before
    change("first")
    assert "丈夫被抓" in client.get(f"{INTAKE}?draft={form['key']}").content.decode()
