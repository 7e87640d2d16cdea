"""Run every bench on data made by ``seed_scale``; print a table and write results.json."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
SCALES = {
    "small": {"households": 5_000, "providers": 60, "referrals": 15_000, "rounds": 9},
    "full": {"households": 100_000, "providers": 500, "referrals": 300_000, "rounds": 21},
}


def main() -> int:
    """The command line; 0 always, for a bench never fails a build."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--scale", choices=SCALES, default="full")
    scale = parser.parse_args().scale
    from marketplace.embedded import database_url

    url = database_url(HERE.parent / "var" / "postgres-bench", f"bench_{scale}")
    os.environ["DATABASE_URL"] = url
    os.environ["DJANGO_SETTINGS_MODULE"] = "marketplace.settings"
    os.environ["DEBUG"] = "1"  # plain names of static files; no query log is kept
    import django

    django.setup()
    from django.conf import settings

    settings.DEBUG = False
    from benchmarks import cases

    rows = cases.run(**SCALES[scale])
    print(f"{'bench':<58}{'ours ms':>10}{'base ms':>10}{'ratio':>8}{'target':>8}")
    for row in rows:
        print(
            f"{row['name']:<58}{row['ours']:>10.2f}{row['base']:>10.2f}{row['ratio']:>8.2f}"
            f"{row['target']:>8.2f}  {'holds' if row['holds'] else 'MISSED'}"
        )
    if scale == "full":
        text = json.dumps(rows, ensure_ascii=False, indent=1)
        (HERE / "results.json").write_text(text + "\n")
    return 0


sys.exit(main())
