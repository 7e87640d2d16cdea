"""What changes between two editions, and what a new one would touch."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.comparisons.comparing import compare, percent_of
from catalog.editions import counting, effects
from catalog.editions.models import Edition
from catalog.items import editing
from contracts.invoices.models import Delivery
from foundation import moments
from tests import factories


@pytest.fixture
def law():
    return Edition.objects.in_force().get()


def test_an_edition_differs_from_itself_in_nothing(law):
    found = compare(law, law)
    assert (found.added, found.removed, found.changed, found.headings) == ((), (), (), ())
    assert found.unchanged == law.items.count()


def test_added_removed_and_changed_are_told_field_by_field(law, who):
    draft = factories.DraftEdition(
        change={"B01.01": {"price_high": "66", "excludes": "手术"}}, remove=["E02.02"]
    )
    editing.name_heading(draft, by=who("minzheng"), code="B", name="照料与护理")
    found = compare(law, draft)
    assert [each.code for each in found.removed] == ["E02.02"]
    (change,) = found.changed
    fields = {field.name: field for field in change.fields}
    assert set(fields) == {"price_high", "price_ceiling", "excludes"}
    assert (fields["price_high"].before, fields["price_high"].after) == ("60.00", "66.00")
    assert fields["price_high"].percent == Decimal("10.0")
    assert fields["excludes"].percent is None
    assert change.price == fields["price_high"]
    assert [(heading.name, heading.after) for heading in found.headings] == [("B", "照料与护理")]
    back = compare(draft, law)
    assert [each.code for each in back.added] == ["E02.02"]
    assert next(f for f in back.changed[0].fields if f.name == "price_high").percent == Decimal("-9.1")


def test_lists_and_places_are_compared_in_words(law):
    town = factories.town()
    draft = factories.DraftEdition(
        change={"B01.01": {"places": [town.code], "methods": ["single"], "age_from": "60"}}
    )
    fields = {field.name: field for field in compare(law, draft).changed[0].fields}
    assert fields["places"].after == "澄江街道"
    assert fields["methods"].after == "单一来源"
    assert (fields["age_from"].before, fields["age_from"].after) == ("", "60")


@given(
    st.decimals(min_value="0.01", max_value="99999", places=2),
    st.decimals(min_value="0.01", max_value="99999", places=2),
)
def test_percents_have_one_decimal_and_the_sign_of_the_change(before, after):
    percent = percent_of(before, after)
    assert percent.as_tuple().exponent == -1
    assert percent * (after - before) >= 0
    assert abs(before * percent / 100 - (after - before)) <= before * Decimal("0.0005") + Decimal("0.001")


def test_comparing_is_the_same_number_of_queries_for_few_and_for_many(law, django_assert_num_queries):
    newer = factories.PublishedEdition(change={"B01.01": {"price_high": "66"}})
    draft = factories.DraftEdition(remove=[i.code for i in newer.items.all()[2:]])
    for pair in ((law, newer), (newer, draft)):
        with django_assert_num_queries(5):
            compare(*pair)


@pytest.mark.slow
def test_page_json_and_pdf_tell_the_same_difference(client, own_database, work_off):
    older = Edition.objects.in_force().get()
    law = factories.PublishedEdition(change={"B01.01": {"price_high": "66"}})
    address = f"/catalog/difference/{older.pk}/{law.pk}/"
    page = client.get(address).content.decode()
    found = client.get(f"{address}data.json").json()
    for each in found["changed"]:
        assert f"{each['code']} {each['name']}" in page
    price = next(f for f in found["changed"][0]["fields"] if f["name"] == "price_high")
    assert price["percent"] == "10.0"
    assert "+10.0%" in page
    waiting = client.get(f"{address}notice.pdf")
    assert waiting.status_code == 302
    work_off()
    ready = client.get(f"{address}notice.pdf", follow=True)
    assert ready.content.startswith(b"%PDF-")


def test_a_difference_with_a_draft_is_for_those_who_see_the_draft(client, client_of, law):
    draft = factories.DraftEdition(remove=["E02.02"])
    address = f"/catalog/difference/{law.pk}/{draft.pk}/"
    for path in (address, f"{address}data.json", f"{address}notice.pdf"):
        assert client.get(path).status_code == 404
        assert client_of("jigou").get(path).status_code == 404
    assert "E02.02" in client_of("minzheng").get(address).content.decode()


# --- the effect -----------------------------------------------------------------------------


def kinds(effect) -> dict[str, list]:
    return {kind.title: list(kind.rows) for kind in effect.kinds}


def test_the_effect_names_contracts_offers_and_open_referrals():
    referral = factories.ReferralInService()
    draft = factories.DraftEdition(change={"B01.01": {"price_low": "25", "price_high": "30"}})
    found = kinds(effects.effect_of(draft))
    number = referral.line.contract.number
    contract = next(each for each in found["履行中的合同"] if number in each.words)
    assert "高于新的最高限价 36.00" in contract.consequence
    assert any(referral.number in each.words for each in found["办理中的转介"])
    offer = next(
        each for each in found["机构的服务申报"] if each.address == referral.offer.get_absolute_url()
    )
    assert "须续报" in offer.consequence


def test_a_change_that_touches_nobody_names_nobody():
    draft = factories.DraftEdition(change={"B01.01": {"name_en": "Care at home"}})
    assert {each.consequence for each in kinds(effects.effect_of(draft))["机构的服务申报"]} <= {"自动延续"}
    other = factories.DraftEdition(change={"A02.01": {"unit": "次"}})
    assert {kind.count for kind in effects.effect_of(other).kinds} == {0}


def test_a_price_change_costs_what_was_delivered_last_year():
    referral = factories.ReferralInService()
    before = effects.effect_of(factories.DraftEdition(change={"B01.01": {"price_high": "70"}}))
    Delivery.objects.create(
        line=referral.line,
        holder="x",
        units=100,
        unit_price=Decimal("40"),
        delivered_on=moments.today() - timedelta(days=364),
    )
    Delivery.objects.create(
        line=referral.line,
        holder="x",
        units=1000,
        unit_price=Decimal("40"),
        delivered_on=moments.today() - timedelta(days=366),
    )
    effect = effects.effect_of(
        factories.DraftEdition(change={"B01.01": {"price_low": "33", "price_high": "70"}})
    )
    (cost,) = effect.costs
    assert cost.units == before.costs[0].units + 100
    assert (cost.low, cost.high) == (-2 * cost.units, 10 * cost.units)
    assert (effect.low, effect.high) == (cost.low, cost.high)


def test_no_personal_data_is_in_the_effect():
    factories.ReferralInService(name="欧阳小明")
    draft = factories.DraftEdition(change={"B01.01": {"unit": "次"}})
    assert "欧阳" not in str(effects.effect_of(draft).as_json())


def test_whoever_approves_sees_the_effect_before(client_of):
    factories.ContractInForce()
    edition = factories.SubmittedEdition(change={"B01.01": {"price_high": "70"}})
    page = client_of("minzheng2").get(f"/editions/{edition.pk}/approve/").content.decode()
    assert "发布以后会怎样" in page
    assert "履行中的合同" in page
    whole = client_of("minzheng2").get(f"/editions/{edition.pk}/effect/").content.decode()
    assert "HT-" in whole


def test_the_api_tells_difference_and_effect(api_of, law):
    draft = factories.DraftEdition(change={"B01.01": {"price_high": "66"}})
    api = api_of("minzheng")
    found = api.get(f"/api/v1/editions/{law.pk}/difference/{draft.pk}").json()
    assert found["changed"][0]["fields_changed"][0]["percent"] == "10.0"
    address = f"/api/v1/editions/{draft.pk}/effect"
    assert (api.get(address).json()["status"], api.get(address).json()["costs"]) == ("none", [])
    assert api.post(address).status_code == 202
    counting.count_waiting(draft.pk)
    effect = api.get(address).json()
    assert effect["costs"][0]["code"] == "B01.01"
    assert api_of("jigou").get(f"/api/v1/editions/{draft.pk}/effect").status_code == 403
