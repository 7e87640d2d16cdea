"""The file to be filled in with who stands in the lists."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from foundation.sheets.blanks import Asked, Further, blank
from organizations.listings.heads import EXAMPLE, HEADS
from organizations.listings.kinds import ListKind


def template() -> bytes:
    """An XLSX file with the heads alone, an invented example, and the words for the lists."""
    with translation.override("zh-hans"):
        example = {**EXAMPLE, "kind": str(ListKind.ABNORMAL.label)}
        columns = [
            Asked(words[0], example.get(name, ""), name in HEADS.needed)
            for name, words in HEADS.called.items()
        ]
        kinds = Further(_("名录怎么写"), [HEADS.called["kind"][0]], [[str(kind.label)] for kind in ListKind])
        return blank(_("异常和失信名录"), columns, kinds)
