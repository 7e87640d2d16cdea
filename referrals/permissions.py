"""The parties of matters, needs, referrals and what belongs to them: who acts on them, and who sees them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import models

from foundation.lifecycle.phases import PREPARED
from foundation.parties import Party, along, everybody_in, told_of
from foundation.roles import OVERSEERS, PROVIDER_SIDE, VILLAGE, WINDOW_AND_OVERSEERS, Role
from households.register.models import has_left

#: The window in charge of a matter, need, referral or request for offers.
window = Party(Role.WINDOW, place="town")


# --- matters ----------------------------------------------------------------------------


#: The people of the village in which the household lives.
assistant, grid_worker = village = everybody_in(VILLAGE, place="household__place")


#: The household that asks for help.
applicant = Party(Role.HOUSEHOLD, user="household__accounts__user")


reporting_coordinator = Party(Role.COORDINATOR, everybody=True)


reporting_worker = Party(Role.SOCIAL_WORKER, everybody=True)


hotline = Party(Role.HOTLINE)


#: Civil affairs, where signs of harm to a child were reported.
civil_affairs_on_harm = Party(Role.CIVIL_AFFAIRS, where={"harm": True})


#: The person of the village who reported a household, and brings its documents with it.
bringing_village = (assistant.limited(channel="assistant"), grid_worker.limited(channel="grid"))


#: The window, while documents are to come after urgent help began.
window_awaiting_papers = window.limited(papers_later=True)


#: Who reported a household from outside: they see that the report arrived.
reporters = (
    hotline.limited(channel="hotline"),
    *everybody_in(PROVIDER_SIDE, organization="reporter_organization_id", where={"channel": "provider"}),
)


#: Who works on a matter, oversees it or asked for help: whoever reported it sees that it arrived, and its state.
KNOWS_MATTERS = (*everybody_in(OVERSEERS), window, *village, applicant)


#: Who sees a matter.
SEES_MATTERS = (*KNOWS_MATTERS, *reporters)


#: What whoever reported a matter from outside does not read of it.
ONLY_FOR_WHO_KNOWS = (
    "household",
    "town",
    "needs",
    "story",
    "papers_later",
    "papers_missing",
    "first_asked_name",
    "row_title",
)


#: Who reads what of a matter: the hotline also learns that needs were answered, to close its own order.
READ_OF_MATTERS = {
    **dict.fromkeys(ONLY_FOR_WHO_KNOWS, KNOWS_MATTERS),
    # Who lives with the child is not told.
    "harm": (*everybody_in(OVERSEERS), window, *village),
    "told": (*KNOWS_MATTERS, hotline),
}


#: The household and the people of its village.
around_the_home = (applicant, *village)


#: The assistant who applied for the household.
applying_assistant = assistant.limited(channel="assistant")


#: Who opens the documents of a matter: not the audit.
READS_PAPERS = told_of("referrals.Matter", parties=(Party(Role.CIVIL_AFFAIRS), window, *village, applicant))


# --- needs ------------------------------------------------------------------------------


responsible_body = Party(Role.HANDLER, organization="body")


secretary = Party(Role.SECRETARY)


class LivesThere(models.Expression):
    """Whether the person of one column has not left the household of another.

    The condition is made when a query is: parties are declared before the models are loaded.
    """

    def __init__(self, home: str, person: str) -> None:
        super().__init__(output_field=models.BooleanField())
        self.home, self.person = home, person

    def __repr__(self) -> str:
        return f"{self.person} lives in {self.home}"

    def resolve_expression(self, *given: Any, **more: Any) -> Any:
        """The condition for a query."""
        return (~has_left(self.home, self.person)).resolve_expression(*given, **more)


def _of_needs(parties: tuple[Party, ...], path: str = "") -> tuple[Party, ...]:
    """Those of a household and its village as parties to needs: they see no own need of somebody who has left.

    ``parties`` are those to a matter; ``path`` leads to the need.
    """
    before = f"{path}__" if path else ""
    still_there = models.Q(LivesThere(f"{before}matter__household", f"{before}person"))
    return tuple(replace(party.along(f"{before}matter"), matching=still_there) for party in parties)


#: The person of the village who applied for the household, for a need of it.
helping_village = along("matter", bringing_village)


#: The household whose need it is.
(household,) = _of_needs((applicant,))


village_of_the_need = _of_needs(village)


#: Who reads what of a need: a household is told what was decided, and not what the conference discussed.
READ_OF_NEEDS = {
    "agenda_items": (*everybody_in(OVERSEERS), window, responsible_body, secretary, *village_of_the_need)
}


#: The channels by which a household itself says how content it is (``answers.models.Way``).
SAID_BY_THE_HOUSEHOLD = ("link", "own")


#: The household whose need it is, until it has said how content it is; what the window was told when it asked
#: does not stand for that.
unheard_household = replace(
    household,
    matching=models.Q(LivesThere("matter__household", "person"))
    & ~models.Q(satisfactions__channel__in=SAID_BY_THE_HOUSEHOLD),
)


def sees_needs(path: str = "") -> tuple[Party, ...]:
    """Who sees a need, or something from which ``path`` leads to one.

    Whoever reported a household from outside sees none of its needs, nor how they were answered.
    """
    handling = (window, responsible_body, secretary.limited(conference_asked=True))
    return (*everybody_in(OVERSEERS), *along(path, handling), *_of_needs(around_the_home, path))


#: The same household, from a referral that it may see.
served_at_home = applicant.along("need__matter")


#: Who reads what the checks find against helping.
READS_FINDINGS = told_of("referrals.Need", parties=(Party(Role.CIVIL_AFFAIRS), window, responsible_body))


# --- referrals --------------------------------------------------------------------------


#: The coordinators of the provider that is asked or serves.
coordinator = Party(Role.COORDINATOR, organization="provider__organization")


#: A coordinator who was asked to accept. In a request for the best offer the provider volunteers instead.
asked_coordinator = replace(coordinator, unless={"request_for_offers__mode": "best"})


bidding_coordinator = coordinator.limited(request_for_offers__mode="best")


#: The social worker of the case.
worker = Party(Role.SOCIAL_WORKER, organization="provider__organization", user="worker")


def sees_referrals(path: str = "") -> tuple[Party, ...]:
    """Who sees a referral, or something from which ``path`` leads to one."""
    before = f"{path}__" if path else ""
    parties = (window, replace(coordinator, phases=~PREPARED), worker)
    return (*everybody_in(OVERSEERS), *along(path, parties), *_of_needs((applicant,), f"{before}need"))


#: The people of the provider who have the referral.
provider_side = (coordinator, worker)


#: Who reads what of a referral: contact data, masked, and why this provider was chosen, since a provider does not
#: read the scores of others.
READ_OF_REFERRALS = {
    **dict.fromkeys(
        ("contact_name", "contact_phone", "contact_address"),
        (*everybody_in(OVERSEERS), window, *provider_side),
    ),
    **dict.fromkeys(("choice", "choice_reason", "override_reason"), (*everybody_in(OVERSEERS), window)),
}


#: Who reads the names of those who visited.
VISITORS_NAMED_TO = told_of(
    "referrals.Referral",
    parties=(Party(Role.CIVIL_AFFAIRS), window, *provider_side, *_of_needs((applicant,), "need")),
)


#: Who sees a request for offers: not those who are asked, who see the referral to them.
SEES_REQUESTS = (*everybody_in(OVERSEERS), window)


# --- hand-overs, complaints, meetings, re-matchings -------------------------------------


giving_window = Party(Role.WINDOW, place="from_town")


#: The colleague who is asked to take over, and the window where nobody is named.
taking_colleague = Party(Role.WINDOW, place="to_town", user="to_user", named_to=WINDOW_AND_OVERSEERS)


taking_window = Party(Role.WINDOW, place="to_town", where={"to_user__isnull": True})


#: Who sees a hand-over: both windows and oversight.
SEES_HANDOVERS = (*everybody_in(OVERSEERS), giving_window, Party(Role.WINDOW, place="to_town"))


complaining_household = applicant


#: The window answers a complaint unless it is about the window or was raised; civil affairs answers then.
answering_window = replace(window, unless={"about": "window", "raised": True})


answering_civil_affairs = (
    Party(Role.CIVIL_AFFAIRS, where={"about": "window"}),
    Party(Role.CIVIL_AFFAIRS, where={"raised": True}),
)


#: Who sees a complaint: the window none that is about the window.
SEES_COMPLAINTS = (
    *everybody_in(OVERSEERS),
    replace(window, unless={"about": "window"}),
    complaining_household,
)


#: Who reads in the history of a complaint which person acted.
READS_NAMES_IN_COMPLAINTS = told_of("referrals.Complaint", parties=(*everybody_in(OVERSEERS), window))


SEES_MEETINGS = (*everybody_in(OVERSEERS), secretary)


#: Who sees an item of an agenda: who sees the meeting, and who sees the need.
SEES_AGENDA_ITEMS = (*along("meeting", SEES_MEETINGS), *sees_needs("need"))


SEES_REMATCHINGS = everybody_in(OVERSEERS)
