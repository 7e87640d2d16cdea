"""Choosing among many by a search field: by number or name, with and without scripts."""

from __future__ import annotations

import re

import pytest

from catalog.items.models import Item
from contracts.budgets.models import BudgetLine
from contracts.contracts import direct
from contracts.contracts.models import Contract
from contracts.contracts.seeking import called
from demo.scale import copying
from evaluations.rounds.models import Round
from foundation import moments
from foundation.forms import number_search
from foundation.forms.actions import form_of
from foundation.forms.choosing import Choosing
from foundation.forms.number_search import containing
from foundation.forms.seeking import SHOWN
from foundation.numbering.models import Counter
from foundation.numbering.series import Series
from organizations.bodies.models import Organization
from organizations.people.models import User
from organizations.places.models import Place
from organizations.places.seeking import a_place_in_the_city
from organizations.providers.models import Provider
from organizations.providers.seeking import a_provider, some_providers
from organizations.providers.seeking import called as provider_called
from referrals.matters.models import Matter
from referrals.needs.models import Need
from referrals.needs.seeking import called as need_called
from tests import factories
from tests.factories import actor
from tests.factories.schemes import scheme_in_use

HTMX = {"HX-Request": "true"}
DRAFT = "/contracts/new/draft/"


class OneProvider(Choosing):
    provider = a_provider("机构")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.chooser("provider").queryset = Provider.objects.in_good_standing()
        self.preselect_single_choice()


class SomeProviders(Choosing):
    providers = some_providers("机构")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.chooser("providers").queryset = Provider.objects.in_good_standing()


@pytest.fixture
def many() -> list[Provider]:
    """Twelve providers of a like name."""
    found = []
    for number in range(12):
        provider = factories.AccreditedProvider()
        Organization.objects.filter(pk=provider.organization_id).update(name=f"暖阳第{number + 1}服务社")
        found.append(Provider.objects.get(pk=provider.pk))
    return found


def chosen(**given):
    form = OneProvider(given)
    return form.cleaned_data["provider"] if form.is_valid() else form.errors["provider"][0]


def listed(**given) -> list[str]:
    """The names that stand below the field, those that are ticked with a star."""
    field = OneProvider(given)["provider"]
    return [f"{option.label.partition(' ')[0]}{'*' if option.picked else ''}" for option in field.options]


def test_typed_text_alone_never_chooses_however_well_it_names_one(many):
    for typed in ("暖阳第12", " 暖阳第\uff11\uff12 ", "第12服务社", many[11].organization.credit_code):
        said = chosen(**{"provider-sought": typed})
        assert "请在下面选定" in said
        assert "暖阳第12服务社" in said
        assert listed(**{"provider-sought": typed}) == ["暖阳第12服务社"]


def test_a_credit_code_finds_one_however_it_is_typed(many):
    code = many[3].organization.credit_code
    for typed in (code, code.lower(), f"{code[:8]} {code[8:]}"):
        assert listed(**{"provider-sought": typed}) == ["暖阳第4服务社"]


def test_what_was_found_but_not_ticked_is_an_error_that_names_the_first(many):
    said = chosen(**{"provider-sought": "暖阳"})
    assert "暖阳第12服务社" in said
    assert "…" in said


class PerhapsOne(OneProvider):
    provider = a_provider("机构", required=False)


def perhaps(**given):
    form = PerhapsOne(given)
    return form.cleaned_data["provider"] if form.is_valid() else form.errors["provider"][0]


def test_none_is_chosen_where_none_was_ticked_by_hand_and_asked_where_it_stood_ticked_by_itself(many):
    by_itself, by_hand = (
        PerhapsOne({})["provider"].nothing,
        PerhapsOne({"provider-sought": "暖阳"})["provider"],
    )
    assert perhaps(provider=by_itself) is None
    assert "请在下面选定" in perhaps(**{"provider": by_itself, "provider-sought": "暖阳第3"})
    assert perhaps(**{"provider": by_hand.nothing, "provider-sought": "暖阳第3"}) is None


def test_under_a_typed_text_nothing_is_ticked_by_itself_but_what_was_ticked_by_hand_stays(many):
    assert PerhapsOne({})["provider"].nothing_ticked
    assert not PerhapsOne({"provider": "", "provider-sought": "暖阳"})["provider"].nothing_ticked
    assert not PerhapsOne({"provider-sought": "-"})["provider"].nothing_ticked
    assert PerhapsOne({"provider": "-", "provider-sought": "暖阳"})["provider"].nothing_ticked


def test_the_button_that_searches_gives_the_form_back_with_what_it_found_and_does_nothing(many, client_of):
    given = {"provider-sought": "暖阳第7", "title": "按名称起草", "search": "provider"}
    page = client_of("minzheng").post(DRAFT, given)
    text = page.content.decode()
    assert page.status_code == 200
    assert "暖阳第7服务社" in text
    assert 'value="按名称起草"' in text
    assert "fault-summary" not in text
    assert not Contract.objects.filter(title="按名称起草").exists()


def test_the_button_that_searches_does_nothing_though_the_form_is_complete(many, client_of):
    complete = a_draft() | {"provider": many[8].pk, "provider-sought": "暖阳第9"}
    page = client_of("minzheng").post(DRAFT, complete | {"search": "provider"})
    assert page.status_code == 200
    assert re.search(rf'value="{many[8].pk}"\s+checked', page.content.decode())
    assert not Contract.objects.filter(title="按名称起草").exists()


@pytest.mark.parametrize("address", [DRAFT, "/exits/new/stop_at_once/"])
def test_the_first_button_of_a_form_with_a_search_field_searches(address, client_of):
    """So that Enter, which presses the first, never sends the form, with or without scripts."""
    form = client_of("minzheng").get(address).content.decode().partition('enctype="multipart')[2]
    assert 'name="search"' in form[form.index("<button") : form.index("</button>")]


def test_what_names_none_is_an_error(many):
    assert "没有找到“月亮”" in chosen(**{"provider-sought": "月亮"})


def test_what_may_not_be_chosen_is_not_found_by_text_nor_by_key(many):
    Provider.objects.filter(pk=many[0].pk).update(accredited_until=moments.today().replace(year=2020))
    assert "没有找到" in chosen(**{"provider-sought": "暖阳第1服务社"})
    assert isinstance(chosen(provider=str(many[0].pk)), str)


def test_digits_that_were_typed_are_no_key(many):
    assert isinstance(chosen(**{"provider-sought": str(many[0].pk + 10**9)}), str)
    assert chosen(provider=str(many[0].pk)) == many[0]


def test_what_was_picked_counts_before_what_was_typed(many):
    assert chosen(**{"provider": str(many[5].pk), "provider-sought": "暖阳"}) == many[5]


def test_what_was_typed_stays_and_what_was_found_can_be_picked(many, client_of):
    page = client_of("minzheng").post(DRAFT, {"provider-sought": "暖阳", "title": "合同一"})
    text = page.content.decode()
    assert page.status_code == 422
    assert 'value="暖阳"' in text
    assert 'value="合同一"' in text
    assert len(re.findall(r'type="radio"\s+name="provider"', text)) == 8
    assert "还有更多" in text


def test_what_is_found_is_listed_while_one_types(many, client_of, django_assert_max_num_queries):
    officer = client_of("minzheng")
    with django_assert_max_num_queries(8):
        answer = officer.get(f"{DRAFT}?seek=provider&provider-sought=暖阳第7", headers=HTMX)
    text = answer.content.decode()
    assert "暖阳第7服务社" in text
    assert text.count('type="radio"') == 1
    assert (
        "没有找到"
        in officer.get(f"{DRAFT}?seek=provider&provider-sought=月亮", headers=HTMX).content.decode()
    )


@pytest.mark.parametrize("name", ["title", "none", "method"])
def test_other_fields_list_nothing(name, client_of):
    assert client_of("minzheng").get(f"{DRAFT}?seek={name}", headers=HTMX).status_code == 404


@pytest.mark.parametrize(
    ("name", "text", "listed"),
    [
        ("item", "B01.01", "B01.01 居家照料"),
        ("item", "居家照料", "B01.01 居家照料"),
        ("item", "B01.01 居家照料", "B01.01 居家照料"),
        ("item", "Z99", "没有找到"),
        ("budget_line", "民政", "民政局"),
        ("budget_line", "没有这样的资金", "没有找到"),
    ],
)
def test_items_and_budget_lines_are_found_by_code_name_source_or_body(name, text, listed, client_of):
    factories.ContractInForce()
    who, address = ("jigou", "/offers/new/apply/") if name == "item" else ("minzheng", DRAFT)
    page = client_of(who).get(f"{address}?seek={name}&{name}-sought={text}", headers=HTMX)
    assert listed in page.content.decode()


class OnePlace(Choosing):
    place = a_place_in_the_city(to_field_name="code")


@pytest.mark.parametrize("text", ["虹桥社区", "澄江街道 虹桥社区"])
def test_a_place_is_found_by_its_name_and_chosen_by_the_code_that_programs_send(text):
    place = Place.objects.select_related("parent").get(name="虹桥社区")
    by_words, by_code = OnePlace({"place-sought": text}), OnePlace({"place": place.code})
    assert place.name in by_words.errors["place"][0]
    assert by_code.is_valid()
    assert by_code.cleaned_data["place"] == place
    shown = OnePlace(initial={"place-sought": text})["place"].options
    assert [(option.value, option.picked) for option in shown] == [(place.code, False)]
    assert not OnePlace({"place": str(place.pk)}).is_valid()


def test_what_is_listed_is_for_those_who_may_open_the_form(client_of):
    assert client_of("chuangkou").get(f"{DRAFT}?seek=provider", headers=HTMX).status_code == 403


def test_a_page_has_no_list_that_grows_with_the_city(many, client_of, django_assert_max_num_queries):
    officer = client_of("minzheng")
    before = len(officer.get(DRAFT).content)
    for _each in range(5):
        factories.AccreditedProvider()
    with django_assert_max_num_queries(13):
        after = officer.get(DRAFT)
    assert abs(len(after.content) - before) < 200


def a_draft() -> dict[str, object]:
    """All that a contract needs, but for its provider."""
    factories.Budget()
    item = Item.objects.in_force().filter(funding="purchased", methods__overlap=direct.methods())[0]
    return {
        "title": "按名称起草",
        "budget_line": BudgetLine.objects.filter(closed_on=None).order_by("-pk")[0].pk,
        "method": direct.methods()[0],
        "item": item.pk,
        "unit_price": str(item.price_low),
        "quota": "10",
        "start_on": moments.today().isoformat(),
        "end_on": moments.today().replace(month=12, day=31).isoformat(),
    }


def test_a_contract_is_drawn_up_with_whom_was_ticked_and_not_with_whom_was_typed(many, client_of):
    officer, given = client_of("minzheng"), a_draft() | {"provider-sought": "暖阳第9"}
    assert officer.post(DRAFT, given).status_code == 422
    assert officer.post(DRAFT, given | {"provider": many[8].pk}).status_code == 302
    assert Contract.objects.get(title="按名称起草").provider == many[8]


# --- several ------------------------------------------------------------------------------


def several(**given):
    form = SomeProviders(given)
    return set(form.cleaned_data["providers"]) if form.is_valid() else form.errors["providers"][0]


def test_typed_text_that_found_none_of_those_ticked_adds_nothing_and_is_asked_about(many):
    picked = [str(many[0].pk), str(many[1].pk)]
    said = several(**{"providers": picked, "providers-sought": "暖阳第12"})
    assert "暖阳第12服务社" in said
    assert "请在下面选定" in said


def test_text_that_found_a_picked_one_was_only_to_find_it(many):
    assert several(**{"providers": [str(many[4].pk)], "providers-sought": "暖阳"}) == {many[4]}


def test_text_that_names_several_of_which_none_is_picked_is_an_error(many):
    assert "请在下面选定" in several(**{"providers-sought": "暖阳"})


def test_nothing_at_all_is_an_error():
    assert isinstance(several(), str)


def test_a_round_takes_everybody_without_picking_each(many):
    form = form_of(Round.lifecycle, "plan")
    given = {
        "title": "年度",
        "scheme": scheme_in_use().pk,
        "period_from": "2026-01-01",
        "period_to": "2026-06-30",
    }
    asked = form(given | {"everybody": "on"}, actor=actor("minzheng"))
    assert asked.is_valid(), asked.errors
    assert set(many) <= set(asked.given()["providers"])
    asked = form(given | {"providers": [many[2].pk]}, actor=actor("minzheng"))
    assert asked.is_valid(), asked.errors
    assert asked.given()["providers"] == [many[2]]


# --- parts --------------------------------------------------------------------------------


def test_a_part_of_a_credit_code_finds_its_provider(many):
    code = many[3].organization.credit_code
    for part in (code[:9], code[4:12], code[-8:].lower()):
        assert many[3] in provider_called(Provider.objects.all(), part), part
    assert not provider_called(Provider.objects.all(), "ZZZZ")


def test_a_part_of_a_number_finds_what_bears_it(many):
    contract = factories.ContractInForce()
    year, digits = contract.number.split("-")[1:]
    for part in (
        contract.number,
        f"HT-{year}",
        year,
        digits,
        digits.lstrip("0"),
        f"HT-{int(digits)}",
        f"{year}-{digits}",
        contract.number[4:-1],
    ):
        assert contract in called(Contract.objects.all(), part), part
    assert contract not in called(Contract.objects.all(), "HT-9999")


def test_a_middle_part_of_an_old_number_is_found(monkeypatch):
    """However many are newer: those that bear the part are looked up, by their index."""
    monkeypatch.setattr("foundation.forms.number_search.NEWEST", 1)
    year = moments.today().year
    contract = factories.ContractInForce()
    with copying.without_triggers():
        Contract.objects.filter(pk=contract.pk).update(number=f"HT-{year}-123456")
        Counter.objects.update_or_create(series="HT", year=year, defaults={"last": 2_345_678})
        newer = factories.ContractInForce()
        Contract.objects.filter(pk=newer.pk).update(number=f"HT-{year}-1234567")
    for part in (
        "2345",
        "1234",
        "3456",
        "12345",
        "23456",
        f"{year % 100}-1234",
        "-123456",
        f"T-{year}-123",
        "123456",
    ):
        assert contract in called(Contract.objects.all(), part), part
    for part in ("4567", "23456", "34567", "234567"):  # four of seven digits among the newest
        assert newer in called(Contract.objects.all(), part), part
    for part in ("9345", f"{year % 100 - 1}-1234", "234-5", "-2345", "1234567"):
        assert contract not in called(Contract.objects.all(), part), part


def test_what_has_the_whole_number_comes_before_what_has_it_inside():
    year = moments.today().year
    contract, newer = factories.ContractInForce(), factories.ContractInForce()
    with copying.without_triggers():
        Contract.objects.filter(pk=contract.pk).update(number=f"HT-{year}-001234")
        Contract.objects.filter(pk=newer.pk).update(number=f"HT-{year}-512340")
        Counter.objects.update_or_create(series="HT", year=year, defaults={"last": 512_340})
    assert list(called(Contract.objects.all(), "1234")) == [contract, newer]


def test_a_complaint_finds_its_need_by_what_it_is_about():
    need = factories.OpenNeed()
    for part in ("照料", need.matter.number, need.matter.number[-5:]):
        assert list(need_called(Need.objects.all(), part)) == [need], part
    assert not need_called(Need.objects.all(), "月亮")


# --- drafts -------------------------------------------------------------------------------


def test_a_draft_is_never_called_by_what_was_typed_to_search(many):
    form = form_of(Contract.lifecycle, "draft")(actor=actor("minzheng"))
    scraps = {"provider-sought": ["MJ0004"], "title": [""], "provider": [str(many[2].pk)]}
    assert form.called(scraps).startswith("暖阳第3服务社")
    assert "已填 1 项" in form.called({"provider-sought": ["MJ0004"], "quota": ["7"]})


def test_somebody_among_many_people_is_found_by_a_part_of_the_name(client_of):
    someone, *_others = [factories.PersonOf(role="evaluator") for _ in range(10)]
    User.objects.filter(pk=someone.pk).update(full_name="欧阳知秋")
    address = "/rounds/new/plan/"
    page = client_of("minzheng").get(address).content.decode()
    assert page.count('name="chair"') <= SHOWN + 1
    assert "欧阳知秋" not in page
    found = client_of("minzheng").get(address, {"seek": "chair", "chair-sought": "知秋"}, headers=HTMX)
    assert re.findall(r'name="chair"\s+value="(\d+)"', found.content.decode()) == [str(someone.pk)]


def test_of_a_part_that_many_numbers_begin_with_a_bounded_number_is_read(monkeypatch):
    for _ in range(3):
        factories.AcceptedMatter()
    assert containing(Matter.objects.all(), "-000", Series.MATTER).count() == 3
    monkeypatch.setattr(number_search, "MOST_AFTER", 2)
    assert containing(Matter.objects.all(), "-000", Series.MATTER).count() == 2


def test_beside_what_is_preset_nothing_is_listed_and_after_an_error_everything_is(many):
    preset = OneProvider(initial={"provider": many[0].pk})["provider"]
    assert [option.picked for option in preset.options] == [True]
    assert not preset.more
    sent = OneProvider({"provider": str(many[0].pk)})["provider"]
    assert [option.picked for option in sent.options].count(True) == 1
    assert len(sent.options) > 1
