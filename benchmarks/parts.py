"""The parts of the benches; each is measured in a process and a database of its own."""

from __future__ import annotations

import os
from pathlib import Path

HERE = Path(__file__).parent
SCALES = {
    "small": {"households": 5_000, "providers": 60, "referrals": 15_000, "rounds": 9},
    "full": {"households": 100_000, "providers": 500, "referrals": 300_000, "rounds": 21},
}

#: Each part has a database of its own, so that none weighs on another.
PARTS = ("city", "catalog")


def measure(part: str, scale: str) -> list[dict[str, object]]:
    """The rows of one part, in a process that has set up Django for its database."""
    from marketplace.embedded import database_url

    name = f"bench_{scale}" if part == "city" else f"bench_{part}_{scale}"
    os.environ["DATABASE_URL"] = database_url(HERE.parent / "var" / "postgres-bench", name)
    os.environ["DJANGO_SETTINGS_MODULE"] = "marketplace.settings"
    os.environ["DEBUG"] = "1"  # plain names of static files; no query log is kept
    import django

    django.setup()
    from django.conf import settings

    settings.DEBUG = False
    from benchmarks import cases, catalog_cases

    return catalog_cases.run(scale) if part == "catalog" else cases.run(**SCALES[scale])
