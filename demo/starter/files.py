"""Read the plain files beside this module."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent


def read_yaml(name: str) -> Any:
    """The content of a YAML file."""
    return yaml.safe_load((HERE / name).read_text())


def read_csv(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with (HERE / name).open(newline="") as file:
        return list(csv.DictReader(file))
