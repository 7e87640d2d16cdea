"""Run every bench on data made for it; print a table and write results.json."""

from __future__ import annotations

import argparse
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from benchmarks.parts import PARTS, SCALES, measure

HERE = Path(__file__).parent


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
