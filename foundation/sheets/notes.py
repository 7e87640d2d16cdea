"""What of a file was not read, kept in no language and said in the reader's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from foundation.refusals import Words
from foundation.wording import listed

#: What a note is about, and the names of sheets or columns that it concerns.
Note = tuple[str, Sequence[str]]

WORDS: Mapping[str, Words] = {
    "read": _("读取的是工作表“%(names)s”。"),
    "others": _("另有工作表也有表头，没有读取：%(names)s。"),
    "hidden": _("隐藏的工作表没有读取：%(names)s。"),
    "unknown": _("这些列不认识，没有读取：%(names)s。"),
}


def said(notes: Iterable[Note]) -> list[str]:
    """The notes in words."""
    return [str(WORDS[about]) % {"names": listed(names)} for about, names in notes]
