"""Parties to the lifecycles of organizations."""

from __future__ import annotations

from foundation.parties import Party, everybody_in
from foundation.roles import PROVIDER_SIDE, Role

civil_affairs = Party(Role.CIVIL_AFFAIRS)


#: Who sees what everybody needs to find the right body or place.
EVERYBODY = everybody_in(Role)


#: Who sees a provider: a provider's people their own, everybody else all.
SEES_PROVIDERS = (
    *everybody_in(role for role in Role if role not in PROVIDER_SIDE),
    *everybody_in(PROVIDER_SIDE, organization="organization"),
)
