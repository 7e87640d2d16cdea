"""Parties to the lifecycles of households: who is in charge of one, and who sees it."""

from __future__ import annotations

from dataclasses import replace

from foundation.lifecycle.phases import SERVING
from foundation.parties import Party, along, everybody_in, knowing, told_of
from foundation.roles import AT_A_PLACE, OVERSEERS, PROVIDER_SIDE, VILLAGE, Role

#: The window in charge, whether the household is verified or not.
window_of_the_place = Party(Role.WINDOW, place="town")


#: The window in charge of a household whose document a window has seen.
window = window_of_the_place.limited(verified=True)


#: The window that may hand a household over to another town.
window_handing_over = Party(Role.WINDOW, place="town", phases=SERVING, where={"verified": True})


assistant = Party(Role.ASSISTANT, place="place", where={"verified": True})


grid_worker = Party(Role.GRID_WORKER, place="place", where={"verified": True})


itself = Party(Role.HOUSEHOLD, user="accounts__user", where={"verified": True})


civil_affairs = Party(Role.CIVIL_AFFAIRS)


#: Those who may register a household: whoever can bring one to the city's notice.
BRINGS = (*everybody_in(AT_A_PLACE), *everybody_in(PROVIDER_SIDE), Party(Role.HOTLINE), Party(Role.SYSTEM))


#: Who sees a household: oversight all, a window those of its town, a village's people those of the
#: village, and a household itself.
SEES_HOUSEHOLDS = (
    *everybody_in(OVERSEERS),
    window_of_the_place,
    *everybody_in(VILLAGE, place="place"),
    Party(Role.HOUSEHOLD, user="accounts__user"),
)


#: Who sees a person: oversight everybody, others the present members of households that they see.
SEES_PEOPLE = (
    *everybody_in(OVERSEERS),
    Party(Role.WINDOW, at="homes", place="household__town", where={"valid_to__isnull": True}),
    *everybody_in(VILLAGE, at="homes", place="household__place", where={"valid_to__isnull": True}),
    Party(Role.HOUSEHOLD, at="homes", user="household__accounts__user", where={"valid_to__isnull": True}),
)


window_left = Party(Role.WINDOW, place="from_town")


window_joined = Party(Role.WINDOW, place="to_town")


#: Who sees a relocation: both windows and oversight.
SEES_RELOCATIONS = (*everybody_in(OVERSEERS), window_left, window_joined)


window_asking = window_of_the_place.along("household")


#: The window where the person counts, which alone decides on a second home; the one that asks is not told
#: which it is.
window_of_the_home = replace(window_of_the_place.along("home"), named_to=OVERSEERS)


#: Who knows in which household a person with a second home counts.
KNOWS_THE_HOME = told_of("households.Joining", parties=knowing(window_of_the_home))


#: Who sees a second home: the window that asks, the one where the person counts, and oversight.
SEES_JOININGS = (window_asking, *KNOWS_THE_HOME)


window_of_correction = window_of_the_place.along("household")


#: Who sees a correction: the window of the household's town, and oversight.
SEES_CORRECTIONS = (*everybody_in(OVERSEERS), window_of_correction)


#: Who sees a line of help: whoever sees the household.
SEES_HELP = along("household", SEES_HOUSEHOLDS)
