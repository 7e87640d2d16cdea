"""The parties of editions, comments, imports and offers."""

from __future__ import annotations

from foundation.lifecycle.phases import SERVING
from foundation.parties import Party, everybody_in
from foundation.roles import COMPARES_PROVIDERS, CONSULTED, OVERSEERS, PROVIDER_SIDE, Role

civil_affairs = Party(Role.CIVIL_AFFAIRS)


#: The body that comments, and its answer.
commenting_body = everybody_in(CONSULTED, organization="body")


offering_provider = Party(Role.COORDINATOR, organization="provider__organization")


#: Who sees a comment.
SEES_COMMENTS = (*everybody_in(OVERSEERS), *commenting_body)


#: Who sees an imported file.
SEES_IMPORTS = everybody_in(OVERSEERS)


#: Who sees an offer: those who oversee, those who compare what serves, and the people of its provider.
SEES_OFFERS = (
    *everybody_in(OVERSEERS),
    *everybody_in((role for role in COMPARES_PROVIDERS if role not in OVERSEERS), phases=SERVING),
    *everybody_in(PROVIDER_SIDE, organization="provider__organization"),
)


#: Who reads what of an offer, where not everybody does who sees it: its papers are for its review.
READ_OF_OFFERS = {"papers": (*everybody_in(OVERSEERS), offering_provider)}
