"""Names, stories, plans and notes: told alike on page, API, PDF and in the journal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps

from foundation import moments
from foundation.journal.models import Entry
from foundation.personal_data import disclosing
from foundation.personal_data.fields import SealedTextField
from foundation.roles import PEOPLE, Actor
from referrals.service import delivery
from tests import factories
from tests.access.telling import GOAL, MARKS, NOTE, PLAN, RESULT, STORY, WHY, WORDS, ask, made

# --- texts ------------------------------------------------------------------------------


@pytest.mark.parametrize("username", ["minzheng", "shenji"])
def test_oversight_reads_no_text_about_anybody_without_a_reason(client_of, case, refused, username):
    client, need = client_of(username), case.need
    paths = [
        "/api/v1/matters?page_size=200",
        "/api/v1/needs?page_size=200",
        "/api/v1/referrals?page_size=200",
        "/api/v1/complaints?page_size=200",
        "/api/v1/meetings?page_size=200",
        "/api/v1/calls?page_size=200",
        "/api/v1/journal?page_size=200",
        "/journal/",
        "/matters/",
        "/referrals/",
        "/complaints/",
        "/meetings/",
        f"/api/v1/matters/{need.matter.number}",
        f"/api/v1/needs/{need.pk}",
        f"/api/v1/needs/{refused.pk}",
        f"/api/v1/referrals/{case.number}",
        need.matter.get_absolute_url(),
        need.get_absolute_url(),
        refused.get_absolute_url(),
        refused.matter.get_absolute_url(),
        case.get_absolute_url(),
    ]
    for path in paths:
        answer = client.get(path)
        text = answer.content.decode()
        assert answer.status_code == 200, path
        assert [mark for mark in MARKS if mark in text] == [], path


@pytest.mark.parametrize("username", ["minzheng", "shenji"])
def test_a_reason_opens_one_text_and_is_kept_where_the_household_sees_it(client_of, case, username):
    client, matter, visit = client_of(username), case.need.matter, case.visits.get()
    before = Entry.objects.filter(move="reveal").count()
    for obj, field, mark in (
        (matter, "story", STORY),
        (case, "plan_text", PLAN),
        (case.goals.get(), "text", GOAL),
        (visit, "words", WORDS),
    ):
        path = f"/api/v1/reveal/{obj._meta.label}/{obj.pk}/{field}"
        assert ask(client, path, WHY).json() == {"value": mark}
        at_the_household = Entry.objects.filter(
            lifecycle="households.Household", object_id=matter.household_id, move="reveal"
        )
        assert at_the_household.latest("pk").reason == WHY
    assert Entry.objects.filter(move="reveal").count() == before + 8
    assert "4" in client.get(matter.household.get_absolute_url()).content.decode()


def test_the_note_of_a_visit_is_the_providers_own(client_of, case):
    visit = case.visits.get()
    for username in ("minzheng", "shenji", "chuangkou"):
        client = client_of(username)
        assert NOTE not in client.get(case.get_absolute_url()).content.decode()
        answer = ask(client, f"/api/v1/reveal/referrals.Visit/{visit.pk}/note", WHY)
        assert answer.status_code == 403
    own = client_of(factories.user_of(case.provider).username)
    assert NOTE in own.get(case.get_absolute_url()).content.decode()


def test_those_in_charge_read_their_case_as_before(client_of, case):
    window = client_of("chuangkou")
    assert STORY in window.get(case.need.matter.get_absolute_url()).content.decode()
    assert window.get(f"/api/v1/matters/{case.need.matter.number}").json()["story"] == STORY
    page = window.get(case.get_absolute_url()).content.decode()
    assert all(mark in page for mark in (PLAN, GOAL, WORDS))
    own = client_of(factories.user_of(case.provider).username)
    told = own.get(f"/api/v1/referrals/{case.number}").json()
    assert (told["plan_text"], told["visits"][0]["words"]) == (PLAN, WORDS)


def test_a_grid_worker_reads_no_results_of_neighbours(client_of, case, refused):
    client = client_of("wangge")
    worker = factories.member_of(case.provider, "social_worker")
    delivery.complete(case, by=worker, outcome=RESULT, reached={1: 1})
    for need in (case.need, refused):
        for path in (
            need.get_absolute_url(),
            need.matter.get_absolute_url(),
            f"/api/v1/needs/{need.pk}",
            f"/api/v1/matters/{need.matter.number}",
            "/api/v1/needs?page_size=200",
            "/api/v1/matters?page_size=200",
        ):
            text = client.get(path).content.decode()
            assert [mark for mark in MARKS if mark in text] == [], path


def test_every_model_with_texts_about_people_says_who_reads_them():
    models = [get_model for get_model in apps.get_models() if disclosing.delicate(get_model)]
    assert len(models) > 8
    for model in models:
        for field in disclosing.delicate(model):
            for role in PEOPLE:
                obj = model.objects.first()
                if obj is not None:
                    told = obj.discloses(field, Actor(role=role, user_id=-5))
                    assert told in disclosing.Telling


def test_every_column_with_a_text_about_people_is_sealed_but_in_the_journal():
    """The journal is never changed: no other key could be given to what is written there."""
    plain = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.name in disclosing.delicate(model) and not isinstance(field, SealedTextField)
    ]
    assert plain == ["foundation.Entry.reason"]


# --- reasons and limits -----------------------------------------------------------------


@pytest.mark.parametrize(
    "reason",
    [
        "",
        "  ",
        "看看",
        "1111",
        "....",
        " ....",
        "啊啊啊啊啊",
        "aaaa",
        "12345678",
        "核" * 201,
        "好的吗好的吗" * 60,
    ],
)
def test_a_reason_that_says_nothing_opens_nothing(client_of, case, reason):
    client, person = client_of("chuangkou"), case.need.matter.household.head.person
    page = client.post(f"/reveal/households.Person/{person.pk}/name/", {"reason": reason})
    for answer in (page, ask(client, f"/api/v1/reveal/households.Person/{person.pk}/name", reason)):
        assert answer.status_code in (400, 422)
        assert "王小明" not in answer.content.decode()
    revealed = Entry.objects.filter(lifecycle="households.Person", move="reveal", object_id=person.pk)
    assert not revealed.exists()


def test_nobody_reads_more_in_an_hour_than_work_needs(client_of, case):
    client, person = client_of("minzheng"), case.need.matter.household.head.person
    factories.rule("personal_data.reveals", an_hour=3)
    path = f"/api/v1/reveal/households.Person/{person.pk}/name"
    codes = [ask(client, path, WHY).status_code for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]
    assert ask(client_of("minzheng2"), path, WHY).status_code == 200
    with moments.as_of(moments.now() + timedelta(minutes=61)):
        assert ask(client, path, WHY).status_code == 200


def test_the_limit_counts_documents_and_texts_alike(client_of, case, refused):
    client = client_of("minzheng")
    factories.rule("personal_data.reveals", an_hour=2)
    matter = case.need.matter
    assert ask(client, f"/api/v1/reveal/referrals.Matter/{matter.pk}/story", WHY).status_code == 200
    assert made(client, "refusal", refused, reason=WHY).status_code == 202
    assert ask(client, f"/api/v1/reveal/referrals.Referral/{case.pk}/goal", WHY).status_code == 429
