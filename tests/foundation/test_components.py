"""The tags for what pages repeat: what they draw, and what they escape."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.core import validators
from django.http import HttpRequest
from django.template import engines
from django.utils import translation

from foundation.roles import Actor, Role
from foundation.ui.tabs import Tab
from organizations.providers.models import Provider


def drawn(text: str, **shown: object) -> str:
    """What a template shows, without blanks between its elements."""
    html = engines["django"].from_string("{% load i18n %}" + text).render(shown)
    return "".join(line.strip() for line in html.splitlines())


def test_a_card_has_a_heading_only_if_it_has_a_title():
    shown = drawn('{% card title kind="danger" id="x" aria_label="y" %}<p>z</p>{% endcard %}', title="<b>")
    assert re.fullmatch(
        r'<section class="card-sheet danger" +aria-label="y" id="x"><h2>&lt;b&gt;</h2><p>z</p></section>',
        shown,
    )
    assert "<h2>" not in drawn("{% card %}<p>z</p>{% endcard %}")


def test_what_stands_in_a_card_knows_the_names_around_it():
    shown = drawn(
        "{% for each in rows %}{% card each %}{{ each }}{{ forloop.counter }}{% endcard %}{% endfor %}",
        rows="ab",
    )
    assert "a1" in shown
    assert "b2" in shown


def test_a_badge_keeps_no_blank_around_its_words_and_escapes_them_once():
    shown = drawn('x{% badge "late" "siren" %} {{ words }} {% endbadge %}y', words="<b>&")
    assert shown.startswith('x<span class="chip late"><svg ')
    assert shown.endswith("</svg>&lt;b&gt;&amp;</span>y")
    assert "<svg" not in drawn('{% badge "calm" %}a{% endbadge %}')


@pytest.mark.parametrize(
    ("role", "admitted"), [(Role.COORDINATOR, True), (Role.FINANCE, False), (None, False)]
)
def test_a_start_button_is_shown_to_whom_its_page_admits(role, admitted):
    request = HttpRequest()
    request.actor = role and Actor(role)
    assert (
        'href="/invoices/new/draw_up/"'
        in drawn('{% start_button "invoice-new-draw_up" "x" %}', request=request)
    ) == admitted
    assert drawn('{% may_open "invoice-new-draw_up" as may_draw %}{{ may_draw }}', request=request) == str(
        admitted
    )


@pytest.mark.parametrize("to", ["exits", "/exits/"])
def test_a_crumb_leads_to_a_named_address_or_to_an_address(to):
    assert 'href="/exits/"' in drawn('{% crumb to "b" %}', to=to)


def test_a_crumb_leads_to_the_page_of_an_object():
    provider = Provider.objects.first()
    assert f'href="{provider.get_absolute_url()}"' in drawn('{% crumb to "b" %}', to=provider)


def test_an_icon_says_nothing_to_a_screen_reader():
    assert 'aria-hidden="true"' in drawn('{% icon "lock" 14 %}')
    assert 'width="14"' in drawn('{% icon "lock" 14 %}')


def test_a_document_is_asked_for_by_the_kind_of_its_subject():
    provider = Provider.objects.first()
    shown = drawn('{% make_document "contract" subject "PDF" %}', subject=provider)
    assert f'action="/documents/make/contract/{provider.pk}/"' in shown
    assert 'name="subject" value="organizations.Provider"' in shown


def test_chinese_sentences_join_and_english_ones_keep_their_blank():
    text = "{% sentences %}{{ a }}\n {{ b }}\n {% endsentences %}"
    with translation.override("zh-hans"):
        assert drawn(text, a="\u7532\u3002", b="\uff08\u4e59\uff09") == "\u7532\u3002\uff08\u4e59\uff09"
    assert engines["django"].from_string(text).render({"a": "One.", "b": "Two."}) == "One.\n Two."


def test_of_tabs_the_one_where_one_stands_is_marked():
    tabs = [Tab("/a/", "甲", current=False), Tab("?b=1&c=2", "乙", current=True)]
    shown = drawn('{% tabs tabs "Where" %}', tabs=tabs)
    assert shown.count("aria-current") == 1
    assert re.search(r'href="\?b=1&amp;c=2"\s*aria-current="true">乙</a>', shown)


class _Asked(forms.Form):
    told = forms.BooleanField(help_text="x")
    day = forms.CharField(help_text="y", validators=[validators.EmailValidator(), validators.URLValidator()])


@pytest.mark.parametrize("name", ["told", "day"])
def test_what_describes_a_field_is_there_once(name):
    html = drawn('{% include "components/field.html" %}', field=_Asked({"day": "z"})[name])
    described = re.search(r'aria-describedby="([^"]+)"', html)
    assert described
    for part in described[1].split():
        assert html.count(f'id="{part}"') == 1, part
