"""Parties to the lifecycles of organizations."""

from __future__ import annotations

from foundation.lifecycle.phases import ASKED, DROPPED, SERVING
from foundation.parties import THE_SYSTEM, Party, along, everybody_in, told_of
from foundation.roles import (
    ANSWERS_FOR_A_PROVIDER,
    ANSWERS_FOR_THE_CITY,
    COMPARES_PROVIDERS,
    CONNECTS,
    GIVEN_FOR_AN_ORGANIZATION,
    KEEPS_A_SYSTEM,
    OF_AN_ORGANIZATION,
    OVERSEERS,
    PEOPLE,
    PRIVATE,
    SEES_ITS_OWN_PROVIDER,
    SEES_MONEY,
    SEES_STAFF,
    STAFF,
    STANDS_IN,
    Role,
)

civil_affairs = Party(Role.CIVIL_AFFAIRS)


#: Who sees what everybody needs to find the right body or place.
EVERYBODY = everybody_in(Role)


#: Who sees a provider: a provider's people their own, those who compare them all, everybody else those that are or
#: were accredited and are not being checked, as on the public pages; a registration that ended without it is none. One
#: that begins anew after its exit is seen again once it is accredited again.
SEES_PROVIDERS = (
    *everybody_in(COMPARES_PROVIDERS),
    THE_SYSTEM,
    *everybody_in(
        (role for role in PEOPLE if role not in (*COMPARES_PROVIDERS, *SEES_ITS_OWN_PROVIDER)),
        phases=~(ASKED | DROPPED),
    ),
    *everybody_in(SEES_ITS_OWN_PROVIDER, organization="organization"),
)


#: The people who answer for a provider: its coordinators, and its administrators.
its_people = everybody_in(ANSWERS_FOR_A_PROVIDER, organization="organization")


#: Who reads to which account a provider is paid: those who see all public money, and its own people.
READS_ACCOUNTS = (*everybody_in(SEES_MONEY), *its_people)


#: Who sees what a provider hands in, and reads the records of its checks: those who compare providers, and the people who answer for it.
SEES_CREDENTIALS = (*everybody_in(COMPARES_PROVIDERS), *along("provider", its_people))
handing_in = along("provider", its_people)


#: Who sees the sensitive facts that a provider asks to be registered.
SEES_FACT_CHANGES = (*everybody_in(OVERSEERS), *along("provider", its_people))


#: Who sees the lists of the registration authority, which everybody may read there, and the files with them.
SEES_LISTINGS = everybody_in(COMPARES_PROVIDERS)
SEES_LISTING_FILES = everybody_in(OVERSEERS)


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


#: Who gives memberships, ends them and lets people in: the city's administrator everywhere, the administrator of an
#: organization in the roles that are given for it. Accounts of households are made by windows and phones.
giving_for_the_city = Party(Role.ADMINISTRATOR, unless={"role__in": PRIVATE})
giving_for_its_own = Party(
    Role.STAFF_MANAGER, organization="organization", where={"role__in": GIVEN_FOR_AN_ORGANIZATION}
)
giving = (giving_for_the_city, giving_for_its_own)


#: Who says which of a provider's social workers has a case; and who hands on what stands under the name of somebody who
#: has left: these, and whoever ends a membership.
assigning_workers = Party(
    Role.COORDINATOR, organization="organization", where={"role": Role.SOCIAL_WORKER.value}
)
handing_on = (*giving, assigning_workers)


#: Who sees a membership: those who see all staff, the administrator of its organization, whoever holds it, and of a
#: social worker's the coordinators.
SEES_MEMBERSHIPS = (
    *(Party(role, unless={"role__in": PRIVATE}) for role in SEES_STAFF),
    Party(Role.STAFF_MANAGER, organization="organization"),
    assigning_workers,
    *everybody_in(STAFF, user="user"),
)


#: Who sees who was let in and is awaited: those who see all staff, and the administrator of the organization.
SEES_INVITATIONS = (*everybody_in(SEES_STAFF), Party(Role.STAFF_MANAGER, organization="organization"))


#: Who sees what a person was allowed beside another role: the same, and the person.
SEES_DISPENSATIONS = (*SEES_INVITATIONS, *everybody_in(STAFF, user="user"))


#: Who asks for a dispensation: whoever gives such a membership; and who decides on it.
asking_for_a_dispensation = giving
administrator = Party(Role.ADMINISTRATOR)


#: Who invites: whoever gives such a membership; and who sends a link for a new password, or sends one again.
inviting = giving
renewing = (
    Party(Role.ADMINISTRATOR),
    giving_for_its_own,
    Party(Role.STAFF_MANAGER, organization="organization", where={"purpose": "password"}),
)


#: Who sets the city up: its places, its bodies and its windows. What a provider says of itself is not theirs.
keeping_places = (administrator,)
keeping_bodies = (Party(Role.ADMINISTRATOR, unless={"kind": "provider"}),)


#: Who makes a body responsible for a kind of need: civil affairs, and whoever sets the city up.
assigning_duties = (civil_affairs, administrator)


#: Who sees a list of places, bodies or windows: whoever sets the city up, and those who oversee.
SEES_CITY_LISTS = (administrator, *everybody_in(OVERSEERS))


#: Who uploads a list of staff and has it invited, and who sees it.
listing = (Party(Role.ADMINISTRATOR), Party(Role.STAFF_MANAGER, organization="organization"))
SEES_STAFF_LISTS = listing


#: Who has a list of staff invited: the side that has uploaded it.
having_invited = (
    Party(Role.ADMINISTRATOR, where={"organization__isnull": True}),
    Party(Role.STAFF_MANAGER, organization="organization"),
)


#: Who sees a person of the staff: those who see all staff, and the administrators of the organizations for which the
#: person holds a role. Of whoever has left they see the membership, and nothing of the account.
SEES_PEOPLE = (
    *(Party(role, where={"private": False}) for role in SEES_STAFF),
    Party(
        Role.STAFF_MANAGER,
        at="memberships",
        organization="organization",
        phases=SERVING,
        where={"user__private": False},
    ),
)


#: Who asks to act for another in an emergency, who allows it, who sees it, looks it through,
#: and reads besides the addresses what was done.
asking_in_an_emergency = everybody_in(STANDS_IN, user="user")
allowing_in_an_emergency = everybody_in(ANSWERS_FOR_THE_CITY)
auditor = Party(Role.AUDITOR)
SEES_EMERGENCIES = (*everybody_in(SEES_STAFF), *asking_in_an_emergency)
READS_WHAT_WAS_DONE = told_of("organizations.EmergencyAccess", parties=everybody_in(OVERSEERS))
