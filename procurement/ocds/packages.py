"""OCDS packages of releases and records, written piece by piece so that memory use stays constant."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.urls import reverse
from ocdsmerge import Merger

from foundation import moments
from foundation.city import reading
from procurement.ocds import processes, releases, sections
from procurement.ocds.processes import Process

HERE = Path(__file__).parent
VERSION = "1.1"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
#: The files of the bid extension, which we serve to the users of the data.
EXTENSION_FILES = {
    path.relative_to(HERE / "bids").as_posix(): path
    for path in sorted((HERE / "bids").rglob("*"))
    if path.is_file()
}


@cache
def merger() -> Merger:
    """Merges releases by the rules of the schema, read from a local file."""
    return Merger(json.loads((HERE / "standard" / "release-schema.json").read_text()))


def head(uri: str) -> dict[str, Any]:
    """The metadata of every package."""
    return {
        "uri": uri,
        "version": VERSION,
        "extensions": [sections.link(reverse("ocds-extension", args=["extension.json"]))],
        "publishedDate": moments.now().astimezone(moments.SHANGHAI).isoformat(timespec="seconds"),
        "publisher": _publisher(),
        "license": LICENCE,
    }


def _publisher() -> dict[str, str]:
    """Who publishes, as it was set up for the city."""
    city = reading.current()
    found = {"name": city.publishes, "uri": city.publisher_uri}
    return {name: value for name, value in found.items() if value}


def record(process: Process) -> dict[str, Any]:
    """The record of a process: its releases and the compiled release."""
    made = releases.releases_of(process)
    return {"ocid": process.ocid, "releases": made, "compiledRelease": merger().create_compiled_release(made)}


def record_package(process: Process, uri: str) -> dict[str, Any]:
    """One process as a record package."""
    return {**head(uri), "records": [record(process)]}


def release_package(process: Process, uri: str) -> dict[str, Any]:
    """One process as a release package."""
    return {**head(uri), "releases": releases.releases_of(process)}


#: The forms of a year's data, by file name ending.
FORMS = ("releases.json", "records.json", "jsonl")


def year(form: str, which: int, uri: str) -> Iterator[str]:
    """A year's processes as text, one process at a time.

    ``releases.json`` and ``records.json`` are packages; ``jsonl`` is one record on each line.
    """
    for _process, text in pieces(form, which, uri):
        yield text


def pieces(form: str, which: int, uri: str) -> Iterator[tuple[Process | None, str]]:
    """The same, each piece with the process that it completes (``None`` for head and foot)."""
    projects, contracts = processes.keys(which)
    found = processes.read(projects, contracts)
    if form == "jsonl":
        for process in found:
            whole = record(process)
            if whole["releases"]:
                yield process, f"{_json(whole)}\n"
        return
    name = form.removesuffix(".json")
    yield None, f'{_json(head(uri))[:-1]}, "{name}": ['
    comma = ""
    for process in found:
        made = releases.releases_of(process) if name == "releases" else _if_any(record(process))
        text = ",\n".join(map(_json, made))
        yield process, f"{comma}{text}" if text else ""
        comma = ",\n" if text else comma
    yield None, "]}\n"


def _if_any(made: dict[str, Any]) -> list[dict[str, Any]]:
    """The record in a list; an empty list if it has no releases."""
    return [made] if made["releases"] else []


def _json(value: Any) -> str:
    """JSON with Chinese characters as they are."""
    return json.dumps(value, ensure_ascii=False)
