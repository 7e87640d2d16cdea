"""Values inside the text of a trigger, where a statement takes no parameters."""

from __future__ import annotations

from collections.abc import Iterable


def quoted_list(values: Iterable[str]) -> str:
    """Values of our own tables as SQL writes them in a list: ``'open', 'closed'``.

    Raises ``ValueError`` for one that is no plain name, and for none at all, which is no list in SQL.
    """
    names = [str(value) for value in values]
    wrong = [name for name in names if not name.isidentifier()]
    if wrong or not names:
        raise ValueError(f"no list of names: {wrong or names}")
    return ", ".join(f"'{name}'" for name in names)
