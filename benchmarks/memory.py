"""The memory that a process holds while it works; nothing here is imported before Django is set up."""

from __future__ import annotations

import os
import tempfile
from io import StringIO
from pathlib import Path

MEGABYTE = 1024 * 1024


def while_exporting(year: int) -> tuple[float, float]:
    """The peak memory (MB) in the first tenth of the export, and in all of it."""
    import django

    django.setup()
    from django.core.management import call_command

    marks: list[float] = []

    class Watched(StringIO):
        """Takes the progress of a command, and the memory at that moment."""

        def write(self, text: str) -> int:
            marks.append(_resident())
            return len(text)

    with tempfile.TemporaryDirectory() as folder:
        call_command(
            "export_ocds",
            year=year,
            output=Path(folder),
            forms=["jsonl"],
            stdout=StringIO(),
            stderr=Watched(),
        )
    return max(marks[: max(1, len(marks) // 10)]), max(marks)


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE
