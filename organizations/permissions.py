"""Parties to the lifecycles of organizations."""

from __future__ import annotations

from foundation.lifecycle.phases import ASKED
from foundation.parties import THE_SYSTEM, Party, everybody_in
from foundation.roles import (
    COMPARES_PROVIDERS,
    CONNECTS,
    KEEPS_A_SYSTEM,
    OF_AN_ORGANIZATION,
    OVERSEERS,
    PEOPLE,
    PROVIDER_SIDE,
    Role,
)

civil_affairs = Party(Role.CIVIL_AFFAIRS)


#: Who sees what everybody needs to find the right body or place.
EVERYBODY = everybody_in(Role)


#: Who sees a provider: a provider's people their own, those who compare them all, everybody else those that are or
#: were accredited and are not being checked, as on the public pages. One that begins anew after its exit is seen
#: again once it is accredited again.
SEES_PROVIDERS = (
    *everybody_in(COMPARES_PROVIDERS),
    THE_SYSTEM,
    *everybody_in(
        (role for role in PEOPLE if role not in (*COMPARES_PROVIDERS, *PROVIDER_SIDE)), phases=~ASKED
    ),
    *everybody_in(PROVIDER_SIDE, organization="organization"),
)


#: Whoever lets a program in, in the membership in which it will act.
its_maker = tuple(
    Party(role, user="membership__user", where={"membership__role": role}, if_held=True) for role in CONNECTS
)


#: Those of the same role at the organization for which a program acts; of the hotline its maker alone.
its_colleagues = (
    *(
        Party(role, organization="membership__organization", where={"membership__role": role})
        for role in KEEPS_A_SYSTEM
        if role in OF_AN_ORGANIZATION
    ),
    *(party for party in its_maker if party.role is Role.HOTLINE),
)


#: Who sees a program: those who oversee all, and the colleagues of its maker.
SEES_SERVICE_ACCOUNTS = (*everybody_in(OVERSEERS), *its_colleagues)
