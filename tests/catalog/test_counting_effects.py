"""The effect of an edition is counted in the background, and approval needs that of exactly this content."""

from __future__ import annotations

from datetime import timedelta

import pytest

from catalog.editions import counting, effects, publishing
from catalog.editions.models import EditionEffect
from catalog.items import editing
from foundation import moments
from foundation.refusals import Refused
from tests import factories
from tests.factories import actor

PRICE = {"B01.01": {"price_high": "70"}}


def submitted(**kwargs):
    """A submitted edition of which nothing is counted."""
    edition = factories.SubmittedEdition(**kwargs)
    EditionEffect.objects.filter(edition=edition).delete()
    return edition


def approve(edition):
    return publishing.approve(
        edition,
        by=actor("minzheng2"),
        document_number="影〔2026〕1号",
        index_number="e/1",
        in_force_from=moments.today(),
    )


def test_what_is_kept_is_what_counting_gives(django_assert_num_queries):
    factories.ReferralInService()
    edition = submitted(change=PRICE)
    kept = counting.count_now(edition)
    assert counting.read(kept, edition) == effects.effect_of(edition)
    with django_assert_num_queries(5):  # the difference alone; nothing of the city is counted
        counting.read(kept, edition)


def test_nobody_approves_before_the_effect_is_counted():
    edition = submitted()
    with pytest.raises(Refused, match="后台计算"):
        approve(edition)
    counting.request(edition)
    with pytest.raises(Refused, match="后台计算"):
        approve(edition)
    counting.count_waiting(edition.pk)
    assert approve(edition).status == "scheduled"


def test_another_content_needs_another_count(who):
    edition = factories.SubmittedEdition(change=PRICE)
    edition = publishing.send_back(edition, by=who("minzheng2"), reason="再改")
    editing.change(edition.items.get(code="B01.01"), by=who("minzheng"), name="居家照护")
    edition = publishing.open_consultation(edition, by=who("minzheng"))
    edition = publishing.submit_early(edition, by=who("minzheng"), reason="各部门都已答复")
    assert counting.effect_kept(edition) is None
    with pytest.raises(Refused, match="后台计算"):
        approve(edition)
    assert counting.keep_counted() >= 1
    counting.count_waiting(edition.pk)
    assert approve(edition).status == "scheduled"


def test_a_failed_count_says_so_and_is_begun_again(client_of, monkeypatch):
    edition = submitted()
    counting.request(edition)
    with monkeypatch.context() as broken:
        broken.setattr(effects.touched, "call", lambda difference: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            counting.count_waiting(edition.pk)
    with pytest.raises(Refused, match="失败"):
        approve(edition)
    page = client_of("minzheng2").get(f"/editions/{edition.pk}/effect/").content.decode()
    assert "计算失败" in page
    client_of("minzheng2").post(f"/editions/{edition.pk}/effect/")
    counting.count_waiting(edition.pk)
    assert approve(edition).status == "scheduled"


def test_the_worker_counts_by_itself_what_is_looked_at_and_what_was_left_in_the_middle():
    edition = submitted()
    counting.keep_counted()
    kept = counting.effect_kept(edition)
    assert kept.status == "queued"
    long_ago = moments.now() - timedelta(minutes=6)
    EditionEffect.objects.filter(pk=kept.pk).update(touched_at=long_ago, tries=counting.MOST_TRIES)
    counting.keep_counted()
    assert counting.effect_kept(edition).status == "failed"
    counting.keep_counted()
    assert counting.effect_kept(edition).status == "failed"


def test_once_another_edition_is_in_force_the_effect_is_counted_anew():
    edition = factories.SubmittedEdition()
    other = factories.PublishedEdition()
    assert counting.effect_kept(edition).against != other
    counting.keep_counted()
    kept = counting.effect_kept(edition)
    assert (kept.status, kept.against) == ("queued", other)


def test_a_count_that_ends_late_does_not_replace_the_one_asked_for_meanwhile(monkeypatch, who):
    edition = submitted()
    counting.request(edition)

    def meanwhile(difference):
        EditionEffect.objects.filter(edition=edition).update(revision=edition.revision + 1, status="queued")
        return []

    monkeypatch.setattr(effects.touched, "call", meanwhile)
    counting.count_waiting(edition.pk)
    assert EditionEffect.objects.get(edition=edition).status == "queued"


def test_the_page_shows_progress_and_then_the_effect(client_of, django_assert_max_num_queries):
    factories.ReferralInService()
    edition = submitted(change=PRICE)
    officer, address = client_of("minzheng"), f"/editions/{edition.pk}/effect/"
    assert "还没有开始计算" in officer.get(address).content.decode()
    assert "排队中" in officer.post(address, follow=True).content.decode()
    assert "排队中" in officer.get(address, headers={"HX-Request": "true"}).content.decode()
    counting.count_waiting(edition.pk)
    assert officer.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    with django_assert_max_num_queries(17):
        page = officer.get(address).content.decode()
    assert "履行中的合同" in page
    assert "重新计算" in page


def test_the_words_are_in_the_readers_language(client_of):
    edition = factories.SubmittedEdition(change=PRICE)
    officer = client_of("minzheng")
    officer.cookies["django_language"] = "en"
    page = officer.get(f"/editions/{edition.pk}/effect/").content.decode()
    assert "Running contracts" in page
    assert "履行中的合同" not in page


def test_the_effect_of_a_published_edition_stays_what_it_was_approved_on(client_of):
    edition = factories.PublishedEdition(change=PRICE)
    with pytest.raises(Refused, match="已经发布"):
        counting.request(edition)
    page = client_of("minzheng").get(f"/editions/{edition.pk}/effect/").content.decode()
    assert "机构的服务申报" in page
    assert "重新计算" not in page
