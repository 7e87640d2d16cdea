"""Every clause that pages quote has its text one click away, and nothing typed becomes markup."""

from __future__ import annotations

import ast
import re
from datetime import date
from types import SimpleNamespace

import pytest
from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import resolve
from django.utils import translation
from django.utils.safestring import mark_safe

from foundation.clauses.opinion import opinion, parts_by_clause
from foundation.clauses.quoting import linked, parted, quoted, quoted_and_linked
from foundation.inbox import notices
from foundation.inbox.models import Notice
from foundation.lifecycle.table import LIFECYCLES
from foundation.refusals import Invalid
from foundation.roles import Role
from foundation.rules.defaults import defaults
from foundation.ui.views import add_refusal_errors
from tests import factories
from tests.house.packages import ROOT, sources

#: Of these the house holds no text; they are quoted alone.
QUOTED_ALONE = re.compile(
    r"(政府采购法|政府采购法实施条例|未成年人保护法|行政处罚法|行政复议法|民法典|个人信息保护法|慈善法|社会救助暂行办法"
    r"|\d+号令|财政部令\d+号|财库〔2014〕214号)第[一二三四五六七八九十百]+[条章]|OCP R\d{3}"
    r"|年度集中采购目录及限额标准|不相容职责分离|全国年节及纪念日放假办法"
)
LINK = re.compile(r'<a href="(/basis/[^"]*)" target="_blank" rel="noopener" title="[^"<]*">([^<]*)</a>')
TRANSFER = "《实施意见》三\uff08二\uff092"
TYPED = "<b onclick=alert(1)>" + TRANSFER + "</b>&\"'"


def bases() -> set[str]:
    """Every basis that tables, rules and refusals name as plain words."""
    found = {rule.basis for rule in defaults().values()}
    for lifecycle in LIFECYCLES.values():
        found |= {row.basis for row in (*lifecycle.starts, *lifecycle.transitions)}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and node.arg in ("basis", "rule"):
                value = node.value
                if isinstance(value, ast.Call) and value.args:
                    value = value.args[0]
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    found.add(value.value)
    return found - {""}


def test_every_basis_has_a_text_or_is_known_to_have_none():
    found = bases()
    assert {"S14", "87号令第四十条"} <= found
    marks = {mark for basis in found for mark in re.findall(r"\bS\d+\b", basis)}
    assert marks <= set(parts_by_clause())
    others = {basis for basis in found if not re.search(r"\bS\d+\b", basis)}
    assert {basis for basis in others if not QUOTED_ALONE.search(basis)} == set()


def test_each_clause_of_the_domain_stands_at_one_place():
    marks = [sentence.clause for part in opinion().parts for sentence in part.sentences if sentence.clause]
    assert sorted(marks, key=lambda mark: int(mark[1:])) == [f"S{number}" for number in range(1, 35)]
    assert all(sentence.text for part in opinion().parts for sentence in part.sentences)
    assert (opinion().document_number, opinion().issued_on) == ("澄政发〔2018〕121号", date(2018, 12, 11))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_anybody_opens_every_part_from_the_whole(client, language):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    whole = client.get("/basis/").content.decode()
    for part in opinion().parts:
        answer = client.get(part.get_absolute_url())
        assert answer.status_code == 200
        page = answer.content.decode()
        assert part.heading in page
        for sentence in part.sentences:
            assert sentence.text in page
            assert sentence.text in whole
        if part.sentences:
            assert f'href="{part.get_absolute_url()}"' in whole


def test_a_place_that_the_opinion_does_not_have_is_not_found(client):
    for place in ("3.2.9", "S14", "6", "3.", "3.2.2.1"):
        assert client.get(f"/basis/{place}/").status_code == 404


def test_time_limits_are_told_to_anybody_and_other_rules_to_who_may_read_rules(client, client_of):
    part = parts_by_clause()["S26"]
    rules = [(key, rule.title) for key, rule in defaults().items() if rule.basis in part.clauses]
    limits = {title for key, title in rules if key.startswith("deadline.")}
    others = {title for _key, title in rules} - limits
    assert limits
    assert others
    for reader in (client, client_of("chuangkou"), client_of("jigou")):
        page = reader.get(part.get_absolute_url()).content.decode()
        assert {title for title in limits | others if f">{title}<" in page} == limits
    page = client_of("minzheng").get(part.get_absolute_url()).content.decode()
    assert {title for title in limits | others if f">{title}<" in page} == limits | others


# --- what pages show ------------------------------------------------------------------------------


def test_a_basis_opens_the_sentence_that_it_names():
    ((address, words),) = LINK.findall(quoted_and_linked("S14"))
    assert (address, words) == ("/basis/3.2.2/#S14", TRANSFER)
    assert resolve("/basis/3.2.2/").url_name == "clause"
    assert [each[1] for each in LINK.findall(quoted_and_linked("S14、S30"))] == [
        TRANSFER,
        "《实施意见》五、1",
    ]
    for alone in ("政府采购法第五十二条", "S99", "", "<i>"):
        assert "<" not in quoted_and_linked(alone)


def test_a_sentence_opens_what_it_quotes_in_either_language():
    for words, place in (
        (TRANSFER, "3.2.2"),
        ("《实施意见》五、1", "5.1"),
        ("《实施意见》二\uff08一\uff09", "2.1"),
    ):
        assert LINK.findall(linked(f"时限将到\uff08{words}\uff09")) == [(f"/basis/{place}/", words)]
    with translation.override("en"):
        words = quoted("S14")
    assert LINK.findall(linked(f"late ({words})"))[0][0] == "/basis/3.2.2/"
    assert LINK.findall(linked(f"{TRANSFER}5")) == []
    assert LINK.findall(linked("按澄政发〔2018〕121号")) == [("/basis/", "澄政发〔2018〕121号")]


@pytest.mark.parametrize("shown", [linked, quoted_and_linked])
def test_what_a_person_typed_never_becomes_markup(shown):
    markup = shown(TYPED)
    assert len(LINK.findall(markup)) == 1
    rest = LINK.sub("", markup)
    assert rest == "&lt;b onclick=alert(1)&gt;&lt;/b&gt;&amp;&quot;&#x27;"


def test_what_is_markup_already_is_not_escaped_again():
    assert linked(mark_safe("<ul><li>a</li></ul>")) == "<ul><li>a</li></ul>"


def test_the_words_of_a_form_are_escaped_around_their_clause():
    class Answer(forms.Form):
        place = forms.CharField(help_text=TYPED)

    form = Answer({"place": "x"})
    form.is_valid()
    form.add_error("place", TYPED)
    add_refusal_errors(form, SimpleNamespace(fields={}, rule="S14", message=TYPED))
    for template in ("components/faults.html", "components/field.html"):
        page = render_to_string(template, {"form": form, "field": form["place"]})
        assert "<b onclick" not in page
        assert LINK.search(page)
    top = render_to_string("components/faults.html", {"form": form})
    assert [each[1] for each in LINK.findall(top)] == [TRANSFER, TRANSFER]


class Price(forms.Form):
    price = forms.CharField()


def shown_at(refusal):
    """What the page shows at the field, and above the form."""
    form = Price({"price": "9"})
    form.is_valid()
    add_refusal_errors(form, refusal)
    drawn = {"form": form, "field": form["price"]}
    return render_to_string("components/field_faults.html", drawn), str(form.non_field_errors())


def test_a_refusal_at_a_field_opens_its_clause_there():
    field, above = shown_at(Invalid("too much", fields={"price": "too much"}, rule="S14"))
    assert LINK.findall(field) == [("/basis/3.2.2/", TRANSFER)]
    assert above == ""


def test_a_refusal_whose_fields_have_words_of_their_own_names_its_clause_once_above_the_form():
    field, above = shown_at(Invalid("not saved", fields={"price": "too much"}, rule="S14"))
    assert "too much" in field
    assert LINK.findall(field) == []
    assert f"not saved（{TRANSFER}）" in above


def test_a_refusal_without_a_clause_is_shown_at_its_field_alone():
    field, above = shown_at(Invalid("wrong", fields={"price": "too much"}))
    assert ("too much" in field, LINK.findall(field), above) == (True, [], "")


def test_a_refusal_on_a_page_opens_its_clause_and_a_script_reads_plain_words(client_of):
    matter = factories.AcceptedMatter()
    window, path = client_of("chuangkou"), f"{matter.get_absolute_url()}explain/"
    sent = {"key": "refused-clause", "reason": "<b onclick=alert(1)>"}
    answer = window.post(path, sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "<b onclick" not in page
    refusal = page.partition('role="alert" tabindex')[2].partition("</ul>")[0]
    ((address, words),) = LINK.findall(refusal)
    assert words in window.get(address).content.decode()
    plain = "".join(window.post(path, sent, headers={"X-Answer": "json"}).json()["words"])
    assert words in plain
    assert "<" not in plain


def test_a_notice_leads_to_its_object_and_beside_it_to_the_clause(client_of):
    need = factories.OpenNeed()
    Notice.objects.all().delete()
    notices.send(need, Role.WINDOW, notices.about(need, "<b>时限将到", "S14"))
    page = client_of("chuangkou").get("/inbox/").content.decode()
    assert LINK.findall(page) == [("/basis/3.2.2/", TRANSFER)]
    assert "<b>" not in page
    told = Notice.objects.latest("pk").texts
    assert all(parted(text)[1] for text in told.values())
    assert parted("收到\uff08政府采购法第五十二条\uff09") == ("收到\uff08政府采购法第五十二条\uff09", "")


def test_no_document_and_no_attribute_holds_a_link():
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        if "documents" in path.relative_to(ROOT / "templates").parts[:1]:
            assert not re.search(r"\|(clause|with_clauses)\b", text), path
        assert not re.search(r'="[^">]*\|(clause|with_clauses)\b', text), path
