"""Nothing of the city of the demonstration stands outside of it: each city is what its administrator enters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from foundation.city.models import City
from organizations.bodies.models import Organization
from organizations.places.models import TOWNS, Place
from tests.house.packages import ROOT, tracked

#: Where the demonstration, and what is measured and tested with it, may be named.
OF_THE_DEMONSTRATION = ("demo", "tests", "benchmarks")

TEXTS = frozenset({".py", ".html", ".yaml", ".toml", ".js", ".css", ".po", ".md", ".txt", ".json", ".csv"})


def remains() -> re.Pattern[str]:
    """What tells the city of the demonstration: names of it and its towns, codes, numbers, and where it lies."""
    city = City.objects.get()
    names = {city.name.removesuffix("市"), city.name_en, "Jiangyin", "无锡"}
    names |= set(Place.objects.filter(kind__in=TOWNS).values_list("name", flat=True))
    numbers = {city.division_code, city.postcode}
    numbers |= {phone.partition("-")[0] for phone in _phones() if "-" in phone}
    found = [re.escape(each) for each in names | numbers if each]
    return re.compile("|".join([*found, r"(?<![\d.])31\.[89]\d*(?!\d)", r"(?<![\d.])120\.[1-4]\d*(?!\d)"]))


def _phones() -> Iterable[str]:
    """The telephones of its bodies and windows."""
    return filter(None, Organization.objects.values_list("phone", flat=True))


def _files() -> list[Path]:
    """The texts of the product and of its guides."""
    named = ((path, path.relative_to(ROOT).parts[0]) for path in tracked() if path.suffix in TEXTS)
    return [path for path, first in named if first not in OF_THE_DEMONSTRATION]


def test_no_code_no_text_and_no_guide_knows_the_city_of_the_demonstration():
    wanted = remains()
    found = {
        f"{path.relative_to(ROOT)}: {hit[0]}"
        for path in _files()
        for hit in wanted.finditer(path.read_text(encoding="utf-8"))
    }
    assert found == set()


def test_the_search_finds_what_it_is_for():
    wanted = remains()
    for words in ("0510-86200101", "31.92", "120.28", "320281", "江阴", "澄江街道"):
        assert wanted.search(words), words
    for words in ("0000-86200101", "30.00", "110.00", "示例街道", "1.31.9"):
        assert not wanted.search(words), words


def test_no_text_calls_it_a_demonstration_where_it_may_be_none():
    """Only the strip that stands on pages of the demonstration, the notice in its open data, and the city's own mark, say so."""
    may = {
        "templates/components/demonstration.html",
        "catalog/hsds/shapes.py",
        "foundation/city/states.py",
        "foundation/city/models.py",
        "foundation/migrations/0001_initial.py",
    }
    said = {
        str(path.relative_to(ROOT))
        for path in _files()
        if path.suffix in (".py", ".html", ".yaml", ".js") and "演示" in path.read_text(encoding="utf-8")
    }
    assert said == may


def test_the_number_of_the_hotline_is_the_citys_own():
    """Where somebody is told to call it, it is that of the city; the channel itself is called by its name."""
    written = re.compile(r"(?<![\d-])12345(?!\d)(?! (?:热线|派单|工单|hotline))")
    examples = {"foundation/city/forms.py"}
    said = {
        str(path.relative_to(ROOT))
        for path in _files()
        if path.suffix in (".py", ".html", ".js") and written.search(path.read_text(encoding="utf-8"))
    }
    assert said == examples
