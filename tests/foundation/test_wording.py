"""Sentences and names that are put together, as the language of the reader writes them."""

from __future__ import annotations

from django.utils import translation

from foundation.wording import filled, listed, said_together


def test_sentences_are_apart_by_a_blank_where_the_language_writes_one():
    words = said_together("一。", "二。")
    assert str(words) == "一。二。"
    with translation.override("en"):
        assert str(said_together("One.", "Two.")) == "One. Two."
        assert str(words) == "一。 二。"


def test_names_are_listed_in_the_language_of_whoever_reads_them():
    words = filled("%(names)s", names=["A", "B"])
    assert str(words) == listed(["A", "B"]) == "A、B"
    with translation.override("en"):
        assert str(words) == "A, B"
