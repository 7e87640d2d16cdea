"""Official numbers: the city's own letters and digits, never one twice, and all of them found again."""

from __future__ import annotations

from datetime import datetime

import pytest

from foundation import moments
from foundation.forms.number_search import containing, numbered
from foundation.moments import SHANGHAI
from foundation.numbering.models import Counter
from foundation.numbering.numbers import next_number
from foundation.numbering.series import Series
from foundation.refusals import Invalid, NotNow
from foundation.rules import changing, reading
from foundation.transactions import whole
from households.register.models import Household
from referrals.matters.models import Matter
from tests import factories
from tests.factories import actor
from tests.foundation.test_rules_by_field import PROPOSE, parts_of
from tests.racing import at_once

RULE = "numbering"


def lettered(series: Series, letters: str, digits: int = 6):
    """The rule in force with these letters and digits of one series."""
    return factories.rule(RULE, **{series: {"letters": letters, "digits": digits}})


def running(number: str) -> int:
    return int(number.rsplit("-", 1)[1])


@pytest.fixture
def today():
    with moments.as_of(datetime(2026, 3, 5, 10, tzinfo=SHANGHAI)):
        yield


def test_a_number_has_the_letters_and_the_digits_of_the_rule(today):
    first = next_number(Series.CONTRACT)
    assert first.startswith("HT-2026-")
    assert len(first) == len("HT-2026-000001")
    lettered(Series.CONTRACT, "JYHT", 4)
    assert next_number(Series.CONTRACT) == "JYHT-2026-0001"


def test_letters_that_come_back_within_a_year_go_on_where_they_were(today):
    before = [next_number(Series.GIFT), next_number(Series.GIFT)]
    lettered(Series.GIFT, "JS2", 4)
    between = [next_number(Series.GIFT), next_number(Series.GIFT)]
    lettered(Series.GIFT, "JZ", 8)
    after = next_number(Series.GIFT)
    assert running(after) == running(before[-1]) + 1
    lettered(Series.GIFT, "JS2", 4)
    again = next_number(Series.GIFT)
    assert running(again) == running(between[-1]) + 1
    assert len({*before, *between, after, again}) == 6


def test_each_year_begins_anew_and_the_year_keeps_the_numbers_apart():
    with moments.as_of(datetime(2027, 12, 31, 23, 59, tzinfo=SHANGHAI)):
        assert next_number(Series.MEETING) == "LX-2027-000001"
    with moments.as_of(datetime(2028, 1, 1, 0, 1, tzinfo=SHANGHAI)):
        assert next_number(Series.MEETING) == "LX-2028-000001"


def test_a_change_of_letters_leaves_the_numbers_that_exist(today):
    matter = factories.AcceptedMatter()
    number = matter.number
    lettered(Series.MATTER, "SQ")
    later = factories.AcceptedMatter()
    matter.refresh_from_db()
    assert (matter.number, later.number[:3]) == (number, "SQ-")


def test_the_page_shows_the_next_number_of_each_series_by_the_new_rule(client_of, today):
    sent = {**parts_of(RULE, **{"gift.letters": "JZSJ", "gift.digits": "5"}), "search": "value"}
    page = client_of("minzheng").post(PROPOSE, sent).content.decode()
    assert "JZSJ-2026-00001" in page
    lettered(Series.GIFT, "JZSJ", 5)
    assert next_number(Series.GIFT) == "JZSJ-2026-00001"


# --- what is refused --------------------------------------------------------------------


WRONG = [
    ({"matter.letters": "ZJ"}, "matter.letters", "相同"),
    ({"matter.letters": "sl 1"}, "", ""),
    ({"matter.letters": "1S"}, "matter.letters", "第一个是字母"),
    ({"matter.letters": "受理"}, "matter.letters", "大写字母"),
    ({"matter.letters": "ABCDEFG"}, "matter.letters", "1 至 6"),
    ({"matter.letters": ""}, "matter.letters", ""),
    ({"matter.digits": "3"}, "matter.digits", "4 至 8"),
    ({"matter.digits": "9"}, "matter.digits", "4 至 8"),
]


@pytest.mark.parametrize("changed,path,said", WRONG)
def test_wrong_letters_are_told_at_their_field(client_of, changed, path, said):
    answer = client_of("minzheng").post(PROPOSE, parts_of(RULE, **changed))
    if not path:  # small letters and blanks are read as they are meant
        assert answer.status_code == 302
        return
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    shown = {name for name in errors if name != "__all__"}
    assert f"value.{path}" in shown or (path, said) == ("matter.letters", "相同")
    assert said in str(errors)


def test_letters_of_another_series_are_refused_while_its_numbers_are_about(today):
    factories.AcceptedMatter()
    lettered(Series.MATTER, "SQ")
    with pytest.raises(Invalid) as refused:
        lettered(Series.GIFT, "SL")
    assert "事项" in str(refused.value.fields["value.gift.letters"])
    lettered(Series.MATTER, "SL")  # its own are given back


def test_letters_that_another_series_used_meanwhile_are_refused_when_they_are_to_count(today):
    value = reading.current(RULE).value
    asked = {**value, "matter": {"letters": "SQ", "digits": 6}}
    first = changing.propose(by=actor("minzheng"), rule=RULE, value=asked, note="一")
    asked = {**value, "gift": {"letters": "SQ", "digits": 6}}
    second = changing.propose(by=actor("minzheng"), rule=RULE, value=asked, note="二")
    changing.approve(first, by=actor("minzheng2"))
    factories.AcceptedMatter()
    with pytest.raises(NotNow):
        changing.approve(second, by=actor("minzheng2"))


def test_the_api_refuses_shared_letters_at_the_part(api_of):
    value = reading.current(RULE).value
    value = {**value, "gift": {"letters": "SL", "digits": 6}}
    sent = {"rule": RULE, "value": value, "note": "试行"}
    answer = api_of("minzheng").post("/api/v1/rules/propose", sent, format="json")
    assert answer.status_code == 400
    assert "value.gift.letters" in answer.content.decode()


# --- finding ----------------------------------------------------------------------------


def test_numbers_with_earlier_letters_and_digits_are_found_as_those_of_today(today):
    old = factories.AcceptedMatter()
    lettered(Series.MATTER, "SQ5", 8)
    new = factories.AcceptedMatter()
    assert len(new.number) == len("SQ5-2026-00000001")
    for matter in (old, new):
        digits = matter.number.rsplit("-", 1)[1]
        for asked in (matter.number, matter.number.lower(), matter.number[:-2], digits, str(int(digits))):
            assert matter in numbered(Matter.objects.all(), asked, Series.MATTER), asked
        for asked in (matter.number[2:], f"2026-{digits}"):
            assert matter in containing(Matter.objects.all(), asked, Series.MATTER), asked
    assert {old, new} <= set(numbered(Matter.objects.all(), "2026", Series.MATTER))
    assert not numbered(Household.objects.all(), old.number, Series.HOUSEHOLD).exists()


def test_the_search_box_finds_a_number_with_the_citys_own_letters(client_of, today):
    lettered(Series.MATTER, "SQ")
    matter = factories.AcceptedMatter()
    for asked in (matter.number, matter.number.lower(), matter.number[-6:]):
        page = client_of("minzheng").get("/search/", {"q": asked}).content.decode()
        assert matter.get_absolute_url() in page, asked


def test_a_page_under_a_number_with_longest_letters_and_digits_opens(client_of, today):
    lettered(Series.MATTER, "SQSLDJ", 8)
    matter = factories.AcceptedMatter()
    assert len(matter.number) == 20
    assert client_of("chuangkou").get(matter.get_absolute_url()).status_code == 200


# --- at once ----------------------------------------------------------------------------


def test_numbers_taken_at_once_follow_each_other_and_a_rollback_leaves_no_gap(own_database):
    take = whole(lambda: next_number(Series.INVOICE))
    begin = Counter.objects.filter(series="JS", year=moments.today().year).first()

    def fails() -> str:
        next_number(Series.INVOICE)
        raise Invalid("no")

    given = at_once([take, whole(fails), take, take, whole(fails), take])
    numbers = sorted(running(number) for number in given if isinstance(number, str))
    first = (begin.last if begin else 0) + 1
    assert numbers == list(range(first, first + 4))
