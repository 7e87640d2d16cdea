"""Full-text search in Chinese with PostgreSQL's own means.

PostgreSQL splits text at spaces, which Chinese does not have. So every character and every digit is indexed
as a word of its own, and a query becomes a phrase of such words, of any length, always answered by the
index (docs/decisions/chinese-search.md). Text and query are normalized alike first: NFKC, without invisible
characters, punctuation as spaces.
"""

from __future__ import annotations

import math
import re
import unicodedata
from functools import reduce
from itertools import pairwise
from operator import add
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import models
from django.db.models import Exists, ExpressionWrapper, Q
from django.db.models.functions import Cast

from foundation.forms import typed

#: Characters that are words by themselves: CJK with extensions and compatibility forms, and digits.
CHARACTER = "[0-9㐀-䶿一-鿿豈-﫿\U00020000-\U000323af]"


#: Invisible characters, removed before anything else.
_UNSEEN = "[\u00ad\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]"


#: Punctuation and signs, treated as spaces.
_MARKS = "[!-/:-@[-`{-\u00bf\u2000-\u2bff\u3000-\u303f]"


_WORDS = re.compile(rf"{CHARACTER}|(?:(?!{CHARACTER})[^\W_])+")


#: Where no text matches the whole query, texts match that contain this share of its pairs of
#: neighbouring characters; for queries of at least so many pairs, of which at most so many count.
SHARE, LEAST_PAIRS, MOST_PAIRS = 0.6, 3, 16


class Characters(models.Func):
    """The search vector of some columns; of a list of objects (JSON) ``text`` and ``measure`` count.

    ``weights`` has one letter for each column, A weighing most.
    """

    output_field = SearchVectorField()

    def __init__(self, *columns: str, weights: str) -> None:
        self.weights = weights
        super().__init__(*columns)

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> tuple[str, Any]:
        """One ``to_tsvector`` for each column, with spaces around every character."""
        vectors, given = [], []
        for weight, source in zip(self.weights, self.get_source_expressions(), strict=True):
            column, values = compiler.compile(source)
            pieces = [column]
            if isinstance(source.output_field, models.JSONField):
                pieces = [f"jsonb_path_query_array({column}, '$[*].{key}')" for key in ("text", "measure")]
            for piece in pieces:
                plain = f"regexp_replace(normalize({piece}::text, NFKC), '{_UNSEEN}', '', 'g')"
                words = f"regexp_replace({plain}, '{_MARKS}', ' ', 'g')"
                apart = f"regexp_replace({words}, '({CHARACTER})', ' \\1 ', 'g')"
                vectors.append(f"setweight(to_tsvector('simple'::regconfig, {apart}), '{weight}')")
                given += values
        return f"({' || '.join(vectors)})", given


def _asked(text: str) -> list[list[str]]:
    """The query as lists of words, one list for each part between spaces."""
    plain = unicodedata.normalize("NFKC", typed.prose(text[:100])).lower()
    found = (_WORDS.findall(piece) for piece in re.sub(_UNSEEN, "", plain).split())
    return [words for words in found if words]


def asked_for(text: str) -> SearchQuery | None:
    """The search query for what a person typed; ``None`` where nothing can be searched for.

    Parts between spaces must all be found; the characters of a part must stand in a row. A Latin word at
    the end of a part matches by its beginning.
    """
    phrases = [_phrase(words) for words in _asked(text)]
    return _query(" & ".join(phrases)) if phrases else None


def _phrase(words: list[str]) -> str:
    """The words of a part as a phrase of ``tsquery``."""
    *before, last = (f"'{word}'" for word in words)
    last = last if re.fullmatch(CHARACTER, words[-1]) else f"{last}:*"
    return "(" + " <-> ".join([*before, last]) + ")"


def _query(raw: str) -> SearchQuery:
    """A raw query in the simple configuration."""
    return SearchQuery(raw, search_type="raw", config="simple")


def answering(found: models.QuerySet[Any], text: str, column: str = "search") -> models.QuerySet[Any]:
    """The rows whose vector matches what a person typed.

    Where none does, those that match most of it: 居家照料服务 finds 居家照料. No rows for a text in which nothing can
    be searched for.
    """
    query = asked_for(text)
    if query is None:
        return found.none()
    exactly = found.filter(**{column: query})
    pairs = [pair for words in _asked(text) for pair in pairwise(words)][:MOST_PAIRS]
    if len(pairs) < LEAST_PAIRS:
        return exactly
    held = [
        Cast(
            ExpressionWrapper(Q(**{column: _query(f"'{a}' <-> '{b}'")}), models.BooleanField()),
            models.IntegerField(),
        )
        for a, b in pairs
    ]
    least = math.ceil(len(pairs) * SHARE)
    nearly = Q(pairs_held__gte=least) & ~Exists(exactly.order_by().values("pk"))
    return found.alias(pairs_held=reduce(add, held)).filter(Q(**{column: query}) | nearly)
