"""What objects lack for a step, asked once for each object while a page is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from foundation.refusals import Refused
from foundation.remembering import Remembered

#: Gives for several objects whose state a transition leaves, by primary key the refusal that whoever tries it would
#: get; nothing for those that lack nothing. Buttons and worklists ask it of objects that the transition fits, the
#: action of others too: what an object lacks may be why it does not fit. Its words are translated when they are
#: shown (``wording.filled``). With ``NotNow`` the object waits for others or for a day; any other refusal is for
#: those to see to who would make the transition.
Lacks = Callable[[Sequence[Any]], Mapping[int, Refused]]

#: What the functions have said of objects, while a page is made that only reads.
_remembered: Remembered[dict[tuple[Lacks, int], Refused | None]] = Remembered("lacks", dict)


def said_of(lacks: Lacks, objects: Mapping[int, Any]) -> dict[int, Refused | None]:
    """What a function of refusals says of each of the objects, by primary key."""

    def read(unasked: Sequence[tuple[Lacks, int]]) -> dict[tuple[Lacks, int], Refused | None]:
        refusals = lacks([objects[pk] for _lacks, pk in unasked])
        return {key: refusals.get(key[1]) for key in unasked}

    said = _remembered.of_each([(lacks, pk) for pk in objects], read)
    return {pk: refusal for (_lacks, pk), refusal in said.items()}
