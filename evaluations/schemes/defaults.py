"""The values that a new scheme begins with (domain, section 6); its draft may change every one."""

from __future__ import annotations

from typing import Any


def grades() -> dict[str, int]:
    """The lowest total of each grade; below ``pass`` is fail."""
    return {"excellent": 90, "good": 80, "pass": 60}


def survey() -> dict[str, int]:
    """``smallest`` answers below which satisfaction is not scored; ``prior`` households that the mean of the
    other providers weighs; ``enough`` answers from which on it weighs nothing.
    """
    return {"smallest": 5, "prior": 10, "enough": 30}


def vetoes() -> list[dict[str, str]]:
    """The vetoes: what fails a provider whatever its points (一票否决)."""
    return [
        {"key": "false_records", "title": "弄虚作假、伪造记录"},
        {"key": "embezzlement", "title": "侵占、挪用救助资金"},
        {"key": "harm", "title": "因过错致服务对象人身伤害"},
        {"key": "leak", "title": "泄露服务对象个人信息"},
        {"key": "passing_on", "title": "转包或违法分包"},
    ]


def consequences() -> dict[str, dict[str, Any]]:
    """What each grade brings: share added in matching, share paid of what is due, words, and the further
    steps.

    ``rectify_days`` are calendar days; ``fails_to_exit`` is how many failed rounds in a row lead to exit.
    """
    return {
        "excellent": {"bonus": 0.05, "payment_share": 1.0, "renewal": True},
        "good": {"bonus": 0.0, "payment_share": 1.0},
        "pass": {"bonus": 0.0, "payment_share": 1.0, "advice": True},
        "fail": {"bonus": 0.0, "payment_share": 0.8, "suspend": True, "rectify_days": 30, "fails_to_exit": 2},
        "veto": {"bonus": 0.0, "payment_share": 0.8, "suspend": True, "exit": True},
    }
