"""The repository, the packages of the product from the lowest floor to the highest, and their files."""

from __future__ import annotations

import subprocess
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FLOORS = (
    "foundation",
    "organizations",
    "households",
    "catalog",
    "contracts",
    "giving",
    "procurement",
    "referrals",
    "evaluations",
    "marketplace",
)


def sources(*beside: str) -> list[Path]:
    """The Python files of the product, and of the packages ``beside`` it, without migrations."""
    packages = (*FLOORS, *beside)
    found = (path for package in packages for path in sorted((ROOT / package).rglob("*.py")))
    return [path for path in found if "migrations" not in path.parts]


def tracked() -> list[Path]:
    """The files that git keeps, as far as they are there."""
    listed = ["git", "ls-files", "-z"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]
