"""The sentences of entries that are no row of a lifecycle table, given beside the actions that write them."""

from __future__ import annotations

from dataclasses import dataclass

from foundation.refusals import Words


@dataclass(frozen=True)
class Act:
    """What an entry says (``%(who)s`` acted), whether its reason is about a person (``confided``), and the label of
    the only model whose objects it is ``about``, if whoever did it is kept from a transition of theirs.
    """

    sentence: Words
    confided: bool = False
    about: str = ""


#: Every act by its name, as packages declare them.
ACTS: dict[str, Act] = {}


def act(name: str, sentence: Words, *, confided: bool = False, about: str = "") -> str:
    """Declare an act, and return its name, for ``writing.write``.

    A confided reason is read by oversight, and by whoever wrote it. Raises ``ValueError`` for a name
    that is declared already.
    """
    if name in ACTS:
        raise ValueError(f"the act {name} has a sentence already")
    ACTS[name] = Act(sentence, confided, about)
    return name


def sentence_of(name: str) -> str:
    """What an entry of that name says; the name where no package declares it any more."""
    return str(ACTS[name].sentence) if name in ACTS else name


def confided(name: str) -> bool:
    """Whether the reasons of entries of that name are about a person."""
    return name in ACTS and ACTS[name].confided
