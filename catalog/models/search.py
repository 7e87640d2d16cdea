"""Full-text search in Chinese with PostgreSQL's own means.

PostgreSQL splits at spaces, which Chinese has not. So every character becomes a
word of its own, and what is asked for becomes a phrase of characters: one, two or
twenty, always by the index (docs/decisions/chinese-search.md).
"""

from __future__ import annotations

import re
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import models

#: A character that is a word: CJK, its first extension, and compatibility forms.
CHARACTER = "[㐀-䶿一-鿿豈-﫿]"

_PARTS = re.compile(rf"({CHARACTER}+)|([^\W_]+)", re.UNICODE)


class Characters(models.Func):
    """The vector of some columns; of a list of objects (JSON) their ``text`` counts.

    ``weights`` has a letter a column, A weighing most.
    """

    output_field = SearchVectorField()

    def __init__(self, *columns: str, weights: str) -> None:
        self.weights = weights
        super().__init__(*columns)

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        """One ``to_tsvector`` a column, characters set apart by spaces."""
        vectors, given = [], []
        for weight, source in zip(self.weights, self.get_source_expressions(), strict=True):
            column, values = compiler.compile(source)
            if isinstance(source.output_field, models.JSONField):
                column = f"jsonb_path_query_array({column}, '$[*].text')"
            vectors.append(
                "setweight(to_tsvector('simple'::regconfig, "
                f"regexp_replace({column}::text, '({CHARACTER})', ' \\1 ', 'g')), '{weight}')"
            )
            given += values
        return f"({' || '.join(vectors)})", given


def asked_for(text: str) -> SearchQuery | None:
    """The query for what a person typed; None where nothing can be searched for.

    Words apart by spaces must all be there; the characters of one word in a row,
    Latin words by their beginning.
    """
    parts = []
    for chinese, latin in _PARTS.findall(text[:100]):
        if chinese:
            parts.append("(" + " <-> ".join(f"'{each}'" for each in chinese) + ")")
        else:
            parts.append(f"'{latin.lower()}':*")
    return SearchQuery(" & ".join(parts), search_type="raw", config="simple") if parts else None
