"""The difference between two editions as a PDF."""

from __future__ import annotations

from typing import Any

from catalog.comparisons import comparing
from catalog.comparisons.models import Pair
from foundation.documents.making import DocumentKind, declare


def _difference(pair: Pair) -> dict[str, Any]:
    return {"difference": comparing.compare(pair.older, pair.newer).as_json()}


DIFFERENCE = declare(
    DocumentKind(
        key="catalog-difference",
        subject="catalog.Pair",
        template="documents/catalog_difference.html",
        title=lambda pair: f"目录对照 {pair.newer.title}"[:120],
        context=_difference,
        may_read=lambda pair, actor: Pair.objects.visible_to(actor).filter(pk=pair.pk).exists(),
        public=lambda pair: pair.older.published and pair.newer.published,
        stamp=lambda pair: {
            "pair": [pair.older_id, pair.newer_id],
            "revisions": [pair.older.revision, pair.newer.revision],
        },
    )
)
