"""The standard as files: its schemas for checking, its description of the API."""

from __future__ import annotations

import json
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

ARCHIVE = Path(__file__).with_name("hsds-3.0.zip")


@cache
def schema(name: str) -> dict[str, Any]:
    """A compiled schema (``service_list``), or ``openapi``."""
    with zipfile.ZipFile(ARCHIVE) as archive:
        return json.loads(archive.read(f"{name}.json"))


def description(address: str) -> dict[str, Any]:
    """The standard's API description with our name and address in it."""
    found = dict(schema("openapi"))
    found["info"] = {
        "title": "联动：社会救助服务名录",
        "version": "1",
        "summary": "Directory of social assistance services of the city, HSDS 3.0",
        "license": {"name": "CC BY-SA 4.0 (description of the API, Open Referral)"},
    }
    found["servers"] = [{"url": address.rstrip("/")}]
    return found
