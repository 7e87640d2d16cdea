"""Checklists in which all is right, for the starter story, the scale data and tests."""

from __future__ import annotations

from foundation import moments
from organizations.document_checks.checking import Finding
from organizations.document_checks.items import CheckItem, Found, asked

#: What is said of what is right.
SAID = {CheckItem.YEARLY_CHECK.value: "公示平台上近两年的结果已核对。"}


def all_right(**wrong: str) -> list[Finding]:
    """What an officer finds today of each item of the checklist: right, but for those named, each with what is wrong."""
    return [
        {
            "item": item.code,
            "label": str(item.label),
            "found": Found.WRONG if item.code in wrong else Found.RIGHT,
            "where": str(item.where) or "原件",
            "on": moments.today().isoformat(),
            "words": wrong.get(item.code, SAID.get(item.code, "")),
        }
        for item in asked()
    ]
