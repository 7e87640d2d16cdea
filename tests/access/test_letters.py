"""A letter with a name wants a reason, each time and from each reader."""

from __future__ import annotations

from datetime import timedelta

import pytest

from foundation import moments
from foundation.documents import making
from foundation.documents.models import Document
from foundation.journal.models import Entry
from organizations.places.models import Place
from referrals.matters import intake
from tests import factories
from tests.access.telling import STORY, WHY, made


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
