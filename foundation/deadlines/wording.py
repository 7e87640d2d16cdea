"""Deadlines in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext

from foundation import moments
from foundation.deadlines import calendar


def left(due: datetime, overrides: dict[date, bool] | None = None) -> str:
    """The time left until ``due`` in words: working days, or hours and minutes on the last day.

    ``overrides`` (the city's calendar from today on) saves the query in lists.
    """
    seconds = (due - moments.now()).total_seconds()
    if seconds < 0:
        days = int(-seconds // 86400)
        if days:
            return ngettext("已逾期 %(count)s 天", "已逾期 %(count)s 天", days) % {"count": days}
        return gettext("已逾期")
    if seconds < 86400:
        return gettext("还剩 %(hours)s 小时 %(minutes)s 分") % {
            "hours": int(seconds // 3600),
            "minutes": int(seconds % 3600 // 60),
        }
    # A deadline ends at midnight, so the last day is the one before.
    last = localtime(due - timedelta(seconds=1)).date()
    count = calendar.working_days_between(moments.today(), last, overrides)
    return ngettext("还剩 %(count)s 个工作日", "还剩 %(count)s 个工作日", count) % {"count": count}


def urgency(due: datetime) -> str:
    """The tone in which a deadline is shown: "late", "soon" (under 24 hours) or "calm"."""
    seconds = (due - moments.now()).total_seconds()
    return "late" if seconds < 0 else "soon" if seconds < 86400 else "calm"
