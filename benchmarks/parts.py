"""The parts of the benchmarks; each is measured in a process and a database of its own."""

from __future__ import annotations

import os
from pathlib import Path

HERE = Path(__file__).parent
#: A provider has four to five offers: 4,450 of them make 20,000.
SCALES = {
    "small": {"households": 5_000, "providers": 60, "referrals": 15_000, "rounds": 9},
    "full": {"households": 1_000_000, "providers": 4_450, "referrals": 3_000_000, "rounds": 21},
}

#: Each part has a database of its own, so that none slows another; ``tenth`` is the
#: city with a tenth of the households and referrals, and the same providers.
PARTS = ("city", "tenth", "races", "assignment", "catalog", "ledger", "open data", "indicators")


def measure(part: str, scale: str) -> list[dict[str, object]]:
    """The rows of one part, in a process that has set up Django for its database."""
    from marketplace.server.embedded import database_url

    name = f"bench_{scale}" if part == "city" else f"bench_{part.replace(' ', '_')}_{scale}"
    os.environ["DATABASE_URL"] = database_url(HERE.parent / "var" / "postgres-bench", name)
    os.environ["DJANGO_SETTINGS_MODULE"] = "marketplace.settings"
    os.environ["DEBUG"] = "1"  # unhashed names of static files, and no query log
    import django

    django.setup()
    from django.conf import settings

    settings.DEBUG = False
    from benchmarks import (
        assignment,
        cases,
        catalog_cases,
        indicator_cases,
        ledger_cases,
        open_data_cases,
        races,
    )

    size = SCALES[scale]
    match part:
        case "city":
            return cases.run(**size)
        case "tenth":
            less = {name: size[name] // 10 for name in ("households", "referrals")}
            return cases.ranking_alone(**{**size, **less})
        case "races":
            return races.run(200 if scale == "full" else 20)
        case "assignment":
            return assignment.run(scale)
        case "ledger":
            return ledger_cases.run(100_000 if scale == "full" else 5_000)
        case "open data":
            return open_data_cases.run(10_000 if scale == "full" else 500)
        case "indicators":
            return indicator_cases.run(scale)
    return catalog_cases.run(scale)
