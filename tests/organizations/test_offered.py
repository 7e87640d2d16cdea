"""Which kinds of need the city takes, and what it calls them: offered nowhere else, readable everywhere."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.utils import translation

from catalog.items.item_form import ItemForm
from catalog.items.models import Item
from foundation.refusals import Invalid
from foundation.rules import reading
from foundation.work_items.models import WorkItem
from organizations.responsibilities import offered
from organizations.responsibilities.need_kinds import NeedKind
from referrals.needs import missing, triage
from referrals.needs import names as following
from tests import factories
from tests.factories import actor
from tests.foundation.test_rules_by_field import PROPOSE, parts_of
from tests.house.packages import sources

RULE = "needs.offered"


def takes(*without: str, **names: str) -> None:
    """The rule in force without some kinds, and with some Chinese names (``care="照护"``)."""
    value = reading.current(RULE).value
    named = {**value["names"], **{kind: {"zh": name, "en": ""} for kind, name in names.items()}}
    factories.rule(RULE, kinds=[kind for kind in value["kinds"] if kind not in without], names=named)
    following.follow_the_names()


# --- kinds that are not taken -----------------------------------------------------------


@pytest.mark.parametrize(
    "username,address",
    [("chuangkou", "/matters/new/accept_application/"), ("minzheng", "/duties/new/assign/")],
)
def test_a_kind_that_is_not_taken_is_offered_in_no_form(client_of, username, address):
    client = client_of(username)
    assert 'value="legal"' in client.get(address).content.decode()
    takes("legal")
    assert 'value="legal"' not in client.get(address).content.decode()


def test_it_is_offered_for_no_item_and_an_item_of_that_kind_may_stay_with_it():
    item = Item.objects.in_force().filter(need_kind="care").first()
    takes("care")
    assert "care" not in dict(ItemForm(actor=actor("minzheng")).fields["need_kind"].choices)
    own = ItemForm(actor=actor("minzheng"), obj=item)
    assert dict(own.fields["need_kind"].choices)["care"] == "照料护理"
    assert own.fields["need_kind"].clean("care") == "care"
    assert own.fields["need_kind"].clean("照料护理") == "care"


def test_no_program_enters_it_and_the_field_is_named(api_of):
    matter = factories.AcceptedMatter()
    takes("legal")
    address = f"/api/v1/matters/{matter.number}/needs"
    answer = api_of("chuangkou").post(address, {"kind": "legal"}, format="json")
    assert answer.status_code == 400
    assert '"kind"' in answer.content.decode()
    with pytest.raises(Invalid) as refused:
        triage.add(by=actor("chuangkou"), matter=matter, kind="legal")
    assert refused.value.fields["kind"] == "本市不受理“法律援助”。"


def test_what_was_entered_before_stays_readable(client_of):
    need = factories.OpenNeed(kind="legal")
    takes("legal")
    page = client_of("chuangkou").get(need.matter.get_absolute_url()).content.decode()
    assert "法律援助" in page


def test_nobody_misses_help_that_the_city_does_not_give():
    factories.AcceptedMatter(kind="living", category="extremely_poor")
    missing.look_again()
    assert missing.MissingHelp.objects.filter(kind="care").exists()
    takes("care")
    missing.look_again()
    assert not missing.MissingHelp.objects.filter(kind="care").exists()


def test_what_the_product_enters_by_itself_cannot_be_left_out(client_of):
    kinds = [kind for kind in NeedKind.values if kind != "supplement"]
    answer = client_of("minzheng").post(PROPOSE, parts_of(RULE, kinds=kinds))
    assert answer.status_code == 422
    assert "救助后仍有困难" in str(answer.context["form"].errors["value.kinds"])


# --- names ------------------------------------------------------------------------------


def test_a_kind_bears_the_citys_name_wherever_it_is_shown(client_of):
    need = factories.OpenNeed(kind="care")
    takes(care="长期照护")
    window = client_of("chuangkou")
    for address in (need.get_absolute_url(), need.matter.get_absolute_url(), "/matters/", "/workbench/"):
        page = window.get(address).content.decode()
        assert "长期照护" in page, address
    assert (str(need).endswith("长期照护"), need.get_kind_display()) == (True, "长期照护")
    assert "长期照护" in window.get("/matters/new/accept_application/").content.decode()


def test_a_sheet_is_read_with_the_citys_name():
    takes(care="长期照护")
    form = ItemForm(actor=actor("minzheng"))
    assert form.fields["need_kind"].clean("长期照护") == "care"


def test_an_english_name_is_for_english_readers_and_an_empty_one_is_ours():
    value = reading.current(RULE).value
    names = {**value["names"], "care": {"zh": "", "en": "Long-term care"}}
    factories.rule(RULE, kinds=value["kinds"], names=names)
    assert offered.called("care") == "照料护理"
    with translation.override("en"):
        assert offered.called("care") == "Long-term care"
        assert offered.called("legal") == "Legal aid"


@pytest.mark.parametrize(
    "path,name,said",
    [
        ("names.care.zh", "法律援助", "不能同名"),
        ("names.care.zh", "长" * 21, "0 至 20"),
        ("names.care.en", "Legal aid", "不能同名"),
    ],
)
def test_a_name_that_another_kind_has_or_that_is_too_long_is_told_at_its_field(client_of, path, name, said):
    answer = client_of("minzheng").post(PROPOSE, parts_of(RULE, **{path: name}))
    assert answer.status_code == 422
    assert said in str(answer.context["form"].errors[f"value.{path}"])


def test_what_waits_bears_the_new_name_after_the_worker_has_followed(own_database):
    need = factories.OpenNeed(kind="care")
    value = reading.current(RULE).value
    names = {**value["names"], "care": {"zh": "长期照护", "en": ""}}
    factories.rule(RULE, kinds=value["kinds"], names=names)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'referrals.tasks.follow_the_names'"
        )
        assert cursor.fetchone() == (1,)
    following.follow_the_names()
    assert "长期照护" in str(
        WorkItem.objects.filter(object_id=need.pk, lifecycle="referrals.Need").first().name
    )


def test_names_may_be_exchanged(client_of):
    changed = {"names.care.zh": "法律援助", "names.legal.zh": "照料护理"}
    assert client_of("minzheng").post(PROPOSE, parts_of(RULE, **changed)).status_code == 302


def test_every_place_asks_for_the_citys_name():
    """Labels of the enumeration are the product's own words: they are read in one place."""
    own = ("organizations/responsibilities/offered.py", "organizations/responsibilities/need_kinds.py")
    for path in sources():
        text = path.read_text()
        if str(path).endswith(own):
            continue
        assert not re.search(r"NeedKind\([^)]*\)\.label|NeedKind\.labels", text), path
        loose = re.sub(r"NeedKindField\([^)]*\)[^)]*\)", "", text)
        assert "NeedKind.choices" not in loose, path
