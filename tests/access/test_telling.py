"""Names, stories, plans and notes: told alike on page, API, PDF and in the journal."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.apps import apps

from foundation import moments
from foundation.documents import making
from foundation.documents.models import Document
from foundation.journal.models import Entry
from foundation.personal_data import disclosing
from foundation.personal_data.fields import SealedTextField
from foundation.roles import PEOPLE, Actor
from households.corrections import correcting
from households.help_received import helping
from organizations.places.models import Place
from referrals.handovers import handing_over
from referrals.matters import intake
from referrals.needs import triage
from referrals.service import delivery
from tests import factories

WHY = "核对救助对象身份"
MARKS = ("竹影甲文", "竹影乙文", "竹影丙文", "竹影丁文", "竹影戊文", "竹影己文", "竹影庚文")
STORY, PLAN, GOAL, WORDS, NOTE, RESULT, REFUSED = MARKS


@pytest.fixture
def case():
    """A case of 虹桥社区 with a plan, a visit and an answer."""
    referral = factories.AcceptedReferral(story=STORY)
    worker = factories.member_of(referral.provider, "social_worker")
    referral = delivery.plan(referral, by=worker, plan_text=PLAN, goals=[GOAL])
    return delivery.record_visit(
        referral, by=worker, on=moments.today(), units=1, note=NOTE, words=WORDS, confirmed=True
    )


@pytest.fixture
def refused():
    """A need that its body has refused in writing."""
    need = factories.TransferredNeed(kind="living", story=STORY)
    handler = factories.PersonOf(role="handler", role__organization=need.body)
    return triage.refuse(need, by=handler.memberships.get().actor(), reason=REFUSED)


def ask(client, path: str, reason: str):
    return client.post(path, json.dumps({"reason": reason}), content_type="application/json")


def made(client, kind: str, obj, **body):
    return client.post(
        f"/api/v1/documents/{kind}/{obj._meta.label}/{obj.pk}",
        json.dumps(body),
        content_type="application/json",
    )


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


# --- plain columns that tell as much ----------------------------------------------------

PLAIN_MARKS = ("松影甲文", "松影乙文", "松影丙文", "松影丁文", "松影戊文", "松影己文", "松影庚文", "松影辛文")
PAPERS, AGAIN, EXPLAINED, WHY_ONE, GIVEN, GIVER, WRONG, MOVED = PLAIN_MARKS


@pytest.fixture
def told_of(who):
    """Papers lacking, an explanation, a reason of choice, help, a correction, a hand-over."""
    window = who("chuangkou")
    place = Place.objects.get(name="虹桥社区")
    asked, explained = (
        intake.report(
            by=who("xieguan"),
            name="何明",
            id_number=factories.new_id_number(),
            category="none",
            size=1,
            story="独居",
        )
        for _ in range(2)
    )
    intake.ask_papers(asked, by=window, papers="别的")
    asked = intake.ask_papers(asked, by=window, papers=PAPERS, again_because=AGAIN)
    explained = intake.explain(explained, by=window, reason=EXPLAINED)
    referral = factories.OfferedReferral()
    referral.choice = {**referral.choice, "reason": WHY_ONE, "override": WHY_ONE}
    referral.save()
    matter = referral.need.matter
    assert matter.household.place == place
    helping.tell_help(matter.household, by=window, told_giver=GIVER, what=GIVEN, on=moments.today())
    person = matter.household.head.person
    correction = correcting.propose(
        by=window, household=matter.household, person=person, id_number=factories.new_id_number(), why=WRONG
    )
    town = Place.objects.filter(kind="town").exclude(pk=matter.town_id)[0]
    handover = handing_over.propose(by=window, matter=matter, why=MOVED, town=town)
    return asked, explained, referral, correction, handover


@pytest.mark.parametrize("username", ["minzheng", "shenji", "wangge"])
def test_what_stands_in_plain_columns_is_told_as_the_texts_are(client_of, told_of, username):
    client = client_of(username)
    asked, explained, referral, *_others = told_of
    matter, need = referral.need.matter, referral.need
    paths = [
        f"/api/v1/{name}?page_size=200"
        for name in (
            "matters",
            "households",
            "needs",
            "referrals",
            "corrections",
            "joinings",
            "handovers",
            "journal",
        )
    ]
    paths += [
        f"/api/v1/matters/{asked.number}",
        f"/api/v1/households/{matter.household.number}",
        f"/api/v1/referrals/{referral.number}",
        "/journal/",
        *(
            each.get_absolute_url()
            for each in (*told_of, matter, need, matter.household, explained.household)
        ),
    ]
    seen = 0
    for path in paths:
        answer = client.get(path)
        assert answer.status_code in (200, 403, 404), path
        seen += answer.status_code == 200
        assert [mark for mark in PLAIN_MARKS if mark in answer.content.decode()] == [], path
    assert seen > 5


def test_those_in_charge_read_plain_columns_as_before(client_of, told_of):
    window = client_of("chuangkou")
    asked, explained, referral, correction, handover = told_of
    matter = referral.need.matter
    assert window.get(f"/api/v1/matters/{asked.number}").json()["papers_missing"] == PAPERS
    for obj, *marks in (
        (asked, PAPERS, AGAIN),
        (explained, EXPLAINED),
        (referral, WHY_ONE),
        (matter.household, GIVEN, GIVER),
        (correction, WRONG),
        (handover, MOVED),
    ):
        page = window.get(obj.get_absolute_url()).content.decode()
        assert [mark for mark in marks if mark not in page] == [], obj
    told = window.get(f"/api/v1/households/{matter.household.number}").json()["help_received"]
    assert (told[0]["what"], told[0]["giver"]) == (GIVEN, GIVER)
    assert PAPERS in client_of("xieguan").get(asked.get_absolute_url()).content.decode()


def test_a_reason_opens_a_plain_column_too(client_of, told_of):
    asked, _explained, referral, correction, handover = told_of
    for obj, field, mark in (
        (asked, "papers_missing", PAPERS),
        (correction, "why", WRONG),
        (handover, "why", MOVED),
        (referral, "choice_reason", WHY_ONE),
        (asked.paper_requests.last(), "again_because", AGAIN),
        (referral.need.matter.household.help_received.latest("pk"), "what", GIVEN),
    ):
        path = f"/api/v1/reveal/{obj._meta.label}/{obj.pk}/{field}"
        assert ask(client_of("minzheng"), path, WHY).json() == {"value": mark}, field
        assert ask(client_of("wangge"), path, WHY).status_code in (403, 404), field
    assert client_of("minzheng").get("/api/v1/journal?page_size=200").status_code == 200


def test_no_picture_in_the_journal_holds_a_text_about_anybody(told_of):
    for entry in Entry.objects.all():
        kept = json.dumps([entry.before, entry.after], ensure_ascii=False)
        assert [mark for mark in PLAIN_MARKS if mark in kept] == [], entry.move


# --- documents --------------------------------------------------------------------------


@pytest.mark.parametrize("username", ["minzheng", "shenji", "bumen3"])
def test_a_letter_with_a_name_wants_a_reason_each_time_and_from_each_reader(
    client_of, refused, work_off, username
):
    kinds = [("refusal", refused)]
    if username == "minzheng":
        kinds.append(("acceptance-slip", refused.matter))
    client = client_of(username)
    for kind, obj in kinds:
        kept = making.request(making.KINDS[kind], obj, by=factories.window_of(obj.town))
        making.render(kept)
        before = Entry.objects.filter(
            move__in=("reveal", "open"), object_id=obj.pk, lifecycle=obj._meta.label
        )
        assert not before.exists()
        file = f"/api/v1/documents/{kept.code}/file.pdf"
        assert made(client, kind, obj).status_code == 400
        assert made(client, kind, obj, reason="1111").status_code == 400
        assert client.get(file).status_code == 400
        assert client.get(f"/documents/{kept.code}/file.pdf").status_code == 302
        assert "查看理由" in client.get(f"/documents/{kept.code}/").content.decode()
        assert not before.exists()
        assert made(client, kind, obj, reason=WHY).status_code == 202
        for _ in range(2):
            assert client.get(file).content[:4] == b"%PDF"
        told = Entry.objects.filter(object_id=obj.pk, lifecycle=obj._meta.label)
        assert told.filter(move="reveal", reason=WHY).count() == 1
        assert told.filter(move="open", reason=WHY).count() == 2
        with moments.as_of(moments.now() + timedelta(minutes=11)):
            assert client.get(file).status_code == 400


def test_one_readers_reason_opens_nothing_for_another(client_of, refused):
    kept = making.request(making.KINDS["refusal"], refused, by=factories.window_of(refused.town))
    making.render(kept)
    assert made(client_of("minzheng"), "refusal", refused, reason=WHY).status_code == 202
    assert client_of("minzheng2").get(f"/api/v1/documents/{kept.code}/file.pdf").status_code == 400


def test_on_the_page_the_reason_is_asked_for_and_leads_on(client_of, refused):
    client, path = client_of("minzheng"), f"/documents/make/refusal/{refused.pk}/"
    asked = client.post(path, {"subject": "referrals.Need"})
    assert asked.status_code == 422
    assert 'name="reason"' in asked.content.decode()
    wrong = client.post(path, {"subject": "referrals.Need", "reason": "......"})
    assert "不能只写数字" in wrong.content.decode()
    led = client.post(path, {"subject": "referrals.Need", "reason": WHY})
    assert led.status_code == 302
    assert Document.objects.get(kind="refusal").get_absolute_url() == led["Location"]


def test_whoever_hands_a_letter_over_gives_no_reason_and_each_opening_is_written_down(client_of, refused):
    client, matter = client_of("chuangkou"), refused.matter
    for kind, obj in (("refusal", refused), ("acceptance-slip", matter)):
        answer = made(client, kind, obj)
        assert answer.status_code == 202
        making.render(Document.objects.get(code=answer.json()["code"]))
        for path in ("/api/v1/documents/{}/file.pdf", "/documents/{}/file.pdf"):
            assert client.get(path.format(answer.json()["code"])).status_code == 200
        assert Entry.objects.filter(move="open", object_id=obj.pk, lifecycle=obj._meta.label).count() == 2


def test_an_assistant_hands_over_what_assistants_reported_and_no_other(client_of, who):
    number = factories.new_id_number()
    reported = intake.report(
        by=who("xieguan"), name="何**", id_number=number, category="none", size=1, story=STORY
    )
    window = factories.window_of(reported.town)
    reported = intake.accept(
        reported, by=window, needs=["living"], id_number=number, category="minimum_living"
    )
    other = factories.AcceptedMatter(place=Place.objects.get(name="虹桥社区"))
    client = client_of("xieguan")
    assert made(client, "acceptance-slip", reported).status_code == 202
    assert made(client, "acceptance-slip", other).status_code == 400
    assert made(client, "acceptance-slip", other, reason=WHY).status_code == 202


@pytest.mark.parametrize("username", ["wangge", "mishu", "jigou", "rexian", "caizheng"])
def test_whoever_may_not_read_names_gets_no_letter_with_one(client_of, refused, username):
    client = client_of(username)
    for kind, obj in (("refusal", refused), ("acceptance-slip", refused.matter)):
        assert made(client, kind, obj, reason=WHY).status_code == 404


def test_a_kind_that_shows_what_it_does_not_name_is_not_made(refused):
    slip = making.KINDS["acceptance-slip"]
    forgetful = making.DocumentKind(
        key="forgetful",
        subject="referrals.Matter",
        template=slip.template,
        title=slip.title,
        context=slip.context,
        may_read=lambda matter, actor: True,
    )
    with pytest.raises(ValueError, match=r"households_person\.name"):
        making.request(forgetful, refused.matter, by=factories.window_of(refused.matter.town))


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
    assert not Entry.objects.filter(move="reveal", object_id=person.pk).exists()


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
