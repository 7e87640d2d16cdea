"""Run every bench on data made for it; print a table and write results.json."""

from __future__ import annotations

import argparse
import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

HERE = Path(__file__).parent
SCALES = {
    "small": {"households": 5_000, "providers": 60, "referrals": 15_000, "rounds": 9},
    "full": {"households": 100_000, "providers": 500, "referrals": 300_000, "rounds": 21},
}

#: Each part has a database of its own, so that none weighs on another.
PARTS = ("city", "catalog")


def main() -> int:
    """The command line; 0 always, for a bench never fails a build."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--scale", choices=SCALES, default="full")
    scale = parser.parse_args().scale
    rows = []
    for part in PARTS:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as own:
            rows += own.submit(measure, part, scale).result()
    show(rows)
    if scale == "full":
        text = json.dumps(rows, ensure_ascii=False, indent=1)
        (HERE / "results.json").write_text(text + "\n")
    return 0


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


def show(rows: list[dict[str, object]]) -> None:
    """The table."""
    print(f"{'bench':<64}{'ours ms':>11}{'base ms':>11}{'ratio':>8}{'target':>8}")
    for row in rows:
        print(
            f"{row['name']:<64}{row['ours']:>11.2f}{row['base']:>11.2f}{row['ratio']:>8.2f}"
            f"{row['target']:>8.2f}  {'holds' if row['holds'] else 'MISSED'}"
        )


if __name__ == "__main__":
    sys.exit(main())
