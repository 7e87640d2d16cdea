"""Checklists in which all is right, for the starter story, the scale data and tests."""

from __future__ import annotations

from foundation import moments
from organizations.document_checks.checking import Finding
from organizations.document_checks.items import Found, asked


def all_right(**wrong: str) -> list[Finding]:
    """What an officer finds today of each item of the checklist: right, but for those named, each with what is wrong."""
    return [
        {
            "item": item.code,
            "label": str(item.label),
            "found": Found.WRONG if item.code in wrong else Found.RIGHT,
            "where": str(item.where) or "原件",
            "on": moments.today().isoformat(),
            "words": wrong.get(item.code, ""),
        }
        for item in asked()
    ]
