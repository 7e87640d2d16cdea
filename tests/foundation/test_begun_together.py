"""Objects that are begun or changed together have one entry each, and only where nobody is awaited."""

from __future__ import annotations

import pytest

from foundation.journal import writing
from foundation.journal.models import Entry
from foundation.lifecycle import together
from foundation.refusals import NotYours
from organizations.places.models import Place
from organizations.places.states import PLACE
from organizations.service_accounts.states import SERVICE_ACCOUNT
from organizations.staff_lists.models import StaffList
from organizations.staff_lists.states import STAFF_LIST
from tests import factories
from tests.factories import actor


def test_each_has_its_entry_with_what_changed():
    admin, town = actor("guanli"), factories.town()
    made = [Place(kind="village", code=f"32028100110{n}", name=f"{n}村", parent=town) for n in range(3)]
    together.begin(PLACE, "enter", made, by=admin)
    before = {place.pk: writing.picture(place) for place in made}
    for place in made:
        place.name_en = "Village"
    together.change(PLACE, "change", made, before=before, fields=("name_en",), by=admin)
    entries = Entry.objects.filter(lifecycle="organizations.Place", object_id=made[0].pk).order_by("pk")
    assert [(entry.move, entry.after.get("name_en")) for entry in entries] == [
        ("enter", ""),
        ("change", "Village"),
    ]
    assert set(entries[1].after) == {"name_en"}
    assert Place.objects.filter(name_en="Village").count() == 3


def test_whoever_is_no_party_makes_none():
    with pytest.raises(NotYours):
        together.begin(
            PLACE,
            "enter",
            [Place(kind="village", code="320281001101", name="村", parent=factories.town())],
            by=actor("minzheng"),
        )


def test_a_table_in_which_somebody_is_awaited_is_refused():
    assert STAFF_LIST.states_that_wait() and not SERVICE_ACCOUNT.states_that_wait()
    waiting = StaffList(
        file_name="x", role_of_uploader="administrator", people="[]", count=0, uploaded_by_id=1
    )
    with pytest.raises(TypeError, match="one by one"):
        together.begin(STAFF_LIST, "upload", [waiting], by=actor("guanli"))
