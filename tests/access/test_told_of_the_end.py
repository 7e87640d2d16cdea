"""Whoever began something, asked for it, contested it, is its subject or saw it wait hears how it was decided and how
it ends.

The tables are asked: of each transition that decides, ends or cuts off, everybody whom it concerns is awaited next,
or told (``tells``), or an exception that is named here with its reason. So is everybody from whose worklist a
transition takes the object.
"""

from __future__ import annotations

from collections.abc import Iterator

from evaluations.phases import DECIDING, HEARING
from foundation.lifecycle.phases import ANSWERING, ASKED, SUSPENDED, together
from foundation.lifecycle.states import States
from foundation.lifecycle.table import LIFECYCLES, Lifecycle, Transition
from foundation.parties import Party
from foundation.roles import Role
from procurement.phases import AWARD_DUE, BEING_CHECKED, BEING_JUDGED

#: Phases in which somebody waits for the decision of others.
BEFORE_A_DECISION = (ASKED, HEARING, DECIDING, BEING_CHECKED, BEING_JUDGED, AWARD_DUE)

#: Phases in which what was going on no longer goes on.
CUT_OFF = (ANSWERING, SUSPENDED)

#: Stands for every transition of a table.
ALL = "*"

#: Who is not told, by table, transition and role, and why not.
UNTOLD: dict[tuple[str, str, Role], str] = {
    ("catalog.Edition", "supersede", Role.CIVIL_AFFAIRS): "the new edition was approved, with its day",
    ("catalog.Offer", "need_no_renewal", Role.CIVIL_AFFAIRS): "its own act: it puts the edition in force",
    ("contracts.Invoice", "endorse", Role.COORDINATOR): "a step inside the buyer's office: it is told of the payment",
    ("contracts.Penalty", "deduct", Role.CIVIL_AFFAIRS): "its own acceptance of the invoice deducts it",
    ("contracts.Template", "replace", Role.CIVIL_AFFAIRS): "told that the new one is in use",
    ("evaluations.Assessment", ALL, Role.CIVIL_AFFAIRS): "moves all assessments of a round by its own acts on the round",
    ("evaluations.Exit", "accept_wish", Role.EVALUATOR): "no panel sits on a wish",
    ("evaluations.Exit", "end_listing", Role.EVALUATOR): "the panel is told of what it decided",
    ("evaluations.Exit", "finish_handover", Role.EVALUATOR): "the panel is told of what it decided",
    ("evaluations.Exit", "give_notice", Role.EVALUATOR): "the panel is asked when the provider has been heard",
    ("evaluations.Exit", "take_back", Role.EVALUATOR): "no panel sits on a wish",
    ("evaluations.Round", ALL, Role.COORDINATOR): "each provider is told of its own assessment",
    ("evaluations.Rectification", "fail_recheck", Role.CIVIL_AFFAIRS): "asked to decide on the exit that follows",
    ("evaluations.Scheme", "supersede", Role.CIVIL_AFFAIRS): "told that the new one is in use",
    ("evaluations.ScoreSheet", "ask_to_void", Role.EVALUATOR): "an accusation is told once a second person upholds it",
    ("evaluations.ScoreSheet", "declare_free", Role.CIVIL_AFFAIRS): "a step on the evaluator's way",
    ("evaluations.ScoreSheet", "declare_tie", Role.CIVIL_AFFAIRS): "another evaluator is drawn by lot at once",
    ("evaluations.ScoreSheet", "declare_tie", Role.EVALUATOR): "makes it; the chair leads the round",
    ("evaluations.ScoreSheet", "drop", Role.CIVIL_AFFAIRS): "its own act: it cancels the round",
    ("evaluations.ScoreSheet", "drop", Role.EVALUATOR): "told that the round is cancelled",
    ("evaluations.ScoreSheet", "submit", Role.CIVIL_AFFAIRS): "awaited for the round once all sheets are in",
    ("evaluations.ScoreSheet", "submit", Role.EVALUATOR): "makes it; the chair is awaited for the round",
    ("evaluations.ScoreSheet", "uphold", Role.EVALUATOR): "was told of no accusation",
    ("foundation.RuleVersion", "replace", Role.CIVIL_AFFAIRS): "told that the new one is in force",
    ("households.Household", "merge", Role.ASSISTANT): "what they reported goes on in the registered household",
    ("households.Household", "merge", Role.GRID_WORKER): "what they reported goes on in the registered household",
    ("households.Household", "merge", Role.HOUSEHOLD): "its case goes on in the registered household",
    ("households.Household", "merge", Role.WINDOW): "its own act: it looks at the document",
    ("foundation.HolidayNotice", "replace", Role.CIVIL_AFFAIRS): "told that the new one is in force",
    ("organizations.Certificate", ALL, Role.COORDINATOR): "its own act",
    ("organizations.Certificate", ALL, Role.STAFF_MANAGER): "its own act",
    ("organizations.Dispensation", ALL, Role.COORDINATOR): "administrators decide; the person finds the role",
    ("organizations.EmergencyAccess", ALL, Role.ASSISTANT): "whoever asks is told in person",
    ("organizations.EmergencyAccess", ALL, Role.FINANCE): "whoever asks is told in person",
    ("organizations.EmergencyAccess", ALL, Role.GRID_WORKER): "whoever asks is told in person",
    ("organizations.EmergencyAccess", ALL, Role.HANDLER): "whoever asks is told in person",
    ("organizations.EmergencyAccess", ALL, Role.HOTLINE): "whoever asks is told in person",
    ("organizations.EmergencyAccess", ALL, Role.SECRETARY): "whoever asks is told in person",
    ("organizations.EmergencyAccess", ALL, Role.WINDOW): "whoever asks is told in person",
    ("organizations.FactChange", "end_with_the_registration", Role.CIVIL_AFFAIRS): "told of the end of the registration",
    ("organizations.FactChange", ALL, Role.COORDINATOR): "its own act, or told of the end of the registration",
    ("organizations.FactChange", ALL, Role.STAFF_MANAGER): "its own act, or told of the end of the registration",
    ("organizations.Invitation", ALL, Role.ADMINISTRATOR): "what is over stands in the list, from which it is sent again",
    ("organizations.Invitation", ALL, Role.STAFF_MANAGER): "what is over stands in the list, from which it is sent again",
    ("organizations.Listing", "withdraw", Role.CIVIL_AFFAIRS): "told of the provider, as of every change of the list",
    ("organizations.Membership", ALL, Role.ADMINISTRATOR): "its own act; told of what nobody takes over",
    ("organizations.Membership", ALL, Role.COORDINATOR): "a colleague; told which cases of a social worker nobody has taken over",
    ("organizations.Membership", ALL, Role.STAFF_MANAGER): "its own act; told of what nobody takes over",
    ("organizations.Organization", "release", Role.ADMINISTRATOR): "of a registration that ended, which is civil affairs' work",
    ("organizations.Provider", "lapse", Role.COORDINATOR): "told by text, since they hold nothing there any more",
    ("organizations.Provider", "lapse", Role.STAFF_MANAGER): "told by text, since they hold nothing there any more",
    ("organizations.Provider", "reject", Role.COORDINATOR): "told by text, since they hold nothing there any more",
    ("organizations.Provider", "reject", Role.STAFF_MANAGER): "told by text, since they hold nothing there any more",
    ("organizations.Provider", "withdraw", Role.COORDINATOR): "its own act",
    ("organizations.Provider", "withdraw", Role.STAFF_MANAGER): "its own act",
    ("organizations.ServiceAccount", ALL, Role.CIVIL_AFFAIRS): "oversees; whoever keeps the system is told",
    ("organizations.StaffList", ALL, Role.ADMINISTRATOR): "its own act; the page of the list says how far it is",
    ("organizations.StaffList", ALL, Role.STAFF_MANAGER): "its own act; the page of the list says how far it is",
    ("organizations.YearlyCheck", ALL, Role.COORDINATOR): "its own act",
    ("organizations.YearlyCheck", ALL, Role.STAFF_MANAGER): "its own act",
    ("procurement.KeyHolder", "release", Role.CIVIL_AFFAIRS): "told of what ended the purchase, or did it",
    ("procurement.KeyHolder", "release", Role.FINANCE): "told of what ended the purchase",
    ("procurement.KeyHolder", "turn", Role.CIVIL_AFFAIRS): "awaited for the opening once enough shares are in",
    ("procurement.KeyHolder", "turn", Role.HANDLER): "hands in the own share",
    ("procurement.KeyHolder", "turn", Role.FINANCE): "hands in the own share",
    ("procurement.PanelSeat", "declare_free", Role.CIVIL_AFFAIRS): "a step on the expert's way",
    ("procurement.PanelSeat", "declare_tie", Role.CIVIL_AFFAIRS): "another expert is drawn by lot at once",
    ("procurement.PanelSeat", "submit", Role.CIVIL_AFFAIRS): "awaited for the award once the panel has reported",
    ("procurement.Project", ALL, Role.COORDINATOR): "each bidder is told of its own bid, and whoever bid of a failure",
    ("procurement.Project", "cancel", Role.EVALUATOR): "no expert is drawn before the publication",
    ("procurement.Project", "negotiate", Role.EVALUATOR): "without a panel",
    ("referrals.Complaint", "close", Role.HOUSEHOLD): "its own act, or nobody is left in it",
    ("referrals.Matter", "accept", Role.COORDINATOR): "told of the state alone: who has the household is not told outside",
    ("referrals.Matter", "accept", Role.HOTLINE): "told of the state alone: who has the household is not told outside",
    ("referrals.Matter", "accept", Role.SOCIAL_WORKER): "told of the state alone: who has the household is not told outside",
    ("referrals.Matter", "explain", Role.COORDINATOR): "told of the state alone: who has the household is not told outside",
    ("referrals.Matter", "explain", Role.HOTLINE): "told of the state alone: who has the household is not told outside",
    ("referrals.Matter", "explain", Role.SOCIAL_WORKER): "told of the state alone: who has the household is not told outside",
    ("referrals.Matter", "end_with_death", Role.COORDINATOR): "a death is not told to whoever reported from outside",
    ("referrals.Matter", "end_with_death", Role.HOTLINE): "a death is not told to whoever reported from outside",
    ("referrals.Matter", "end_with_death", Role.HOUSEHOLD): "it is their dead; they are told nothing by a machine",
    ("referrals.Matter", "end_with_death", Role.SOCIAL_WORKER): "a death is not told to whoever reported from outside",
    ("referrals.Need", "decide_refer", Role.HANDLER): "no longer its case: the conference has it",
    ("referrals.Need", "drop", Role.HANDLER): "it was sent to no body yet",
    ("referrals.Need", "drop", Role.SECRETARY): "it was at no conference yet",
    ("referrals.Need", "fall_short", Role.HANDLER): "not its case: a provider has it",
    ("referrals.Need", "refer", Role.HANDLER): "it goes on, and was sent back by the body",
    ("referrals.Need", "refer", Role.SECRETARY): "it goes on as the conference decided, and ends later",
    ("referrals.Need", "refer", Role.WINDOW): "its own act: it sends the referral",
    ("referrals.Need", ALL, Role.HOUSEHOLD): "gets the answer by text message, and when all are answered a notice",
    ("referrals.Need", "begin_service", Role.WINDOW): "told that the referral is accepted",
    ("referrals.Need", "finish_service", Role.WINDOW): "awaited once the result is told",
    ("referrals.Need", "grant", Role.WINDOW): "awaited once the result is told",
    ("referrals.Need", "refuse", Role.WINDOW): "awaited once the result is told",
    ("referrals.Need", "return_to_window", Role.HANDLER): "not its case: a provider was asked",
    ("referrals.Need", "take_up", Role.WINDOW): "a step on the body's way",
    ("referrals.Referral", "complete", Role.SOCIAL_WORKER): "makes it, or is told of the closing",
    ("referrals.Referral", "complete", Role.WINDOW): "awaited once the result is told",
    ("referrals.Referral", "decline", Role.WINDOW): "awaited for the need, which is sent back",
    ("referrals.Referral", "decline", Role.SOCIAL_WORKER): "nobody is named to serve before the acceptance",
    ("referrals.Referral", "end_early", Role.WINDOW): "awaited for the need, which is sent back, or once the result is told",
    ("referrals.Referral", "end_with_death", Role.WINDOW): "told of the end of the need",
    ("referrals.Referral", "hand_over", Role.WINDOW): "told that the other referral is accepted",
    ("referrals.Referral", "stand_down", Role.WINDOW): "told that the other referral is accepted",
    ("referrals.Referral", "stand_down", Role.SOCIAL_WORKER): "nobody is named to serve before the acceptance",
    ("referrals.Referral", "time_out", Role.WINDOW): "awaited for the need, which is sent back",
    ("referrals.Referral", "time_out", Role.SOCIAL_WORKER): "nobody is named to serve before the acceptance",
    ("referrals.Referral", "volunteer", Role.SOCIAL_WORKER): "nobody is named to serve before the acceptance",
    ("referrals.Referral", "volunteer", Role.WINDOW): "it is the request for offers that waits for it now",
    ("referrals.Referral", "withdraw", Role.WINDOW): "its own act, or awaited for the need, which is sent back",
    ("referrals.Referral", "withdraw", Role.SOCIAL_WORKER): "nobody is named to serve before the acceptance",
    ("referrals.Referral", ALL, Role.HOUSEHOLD): "sees its need wait, and is told of that",
    ("referrals.RequestForOffers", "choose", Role.WINDOW): "told that the referral is accepted",
    ("referrals.RequestForOffers", "end_with_death", Role.WINDOW): "told of the end of the need",
    ("referrals.RequestForOffers", "fail", Role.WINDOW): "awaited for the need, which is sent back",
}  # fmt: skip


def decides(row: Transition, states: type[States]) -> bool:
    """Whether a transition ends the object, cuts it off, or answers what somebody waits for."""
    moves = [(states(source), states(row.arrow.end(source))) for source in row.arrow.sources]
    return any(
        before.phase != after.phase
        and (after.over or after.phase in CUT_OFF or before.phase in BEFORE_A_DECISION)
        for before, after in moves
    )


def seeing(lifecycle: Lifecycle, ends: list[States]) -> list[Party]:
    """The parties that see the object in one of the states."""
    return [
        party
        for party in lifecycle.model.seen_by
        if party.phases is None or party.at or any(end.phase in together((party.phases,)) for end in ends)
    ]


def shown(lifecycle: Lifecycle, state: States) -> set[Role]:
    """Who has an object in that state on the worklist: to be done, or waiting for others."""
    if state not in lifecycle.states_that_wait():
        return set()
    return {party.role for party in seeing(lifecycle, [state])} & lifecycle.taking_part


def left(lifecycle: Lifecycle, row: Transition) -> set[Role]:
    """From whose worklist a transition takes the object."""
    moves = [
        (lifecycle.states(source), lifecycle.states(row.arrow.end(source))) for source in row.arrow.sources
    ]
    return {role for before, after in moves for role in shown(lifecycle, before) - shown(lifecycle, after)}


def concerned(lifecycle: Lifecycle, ends: list[States]) -> set[Role]:
    """Who begins such objects, and whose own they are: each provider's, place's, body's or person's who acts on them."""
    see = seeing(lifecycle, ends)
    begin = {role for start in lifecycle.starts for role in start.roles}
    act = {role for row in lifecycle.transitions for role in row.roles} | {Role.COORDINATOR}
    own = {party.role for party in see if any(party.bound_to)}
    return (begin & {party.role for party in see}) | (own & act)


def proposers(lifecycle: Lifecycle, row: Transition) -> set[Role]:
    """Who began or proposed what another person in the same role decides by this transition."""
    first = [before for before in lifecycle.rows if before.name in row.apart_from]
    proposals = [before for before in first if not isinstance(before, Transition) or before.proposal]
    return {role for before in proposals for role in before.roles & row.roles}


def untold(lifecycle: Lifecycle) -> Iterator[tuple[str, str, Role]]:
    """Whom a transition concerns, or leaves without the row, who neither makes it alone, nor is awaited after it or
    told of it.
    """
    for row in lifecycle.transitions:
        ends = [lifecycle.states(row.arrow.end(source)) for source in row.arrow.sources]
        hear = {*row.tells, *frozenset.intersection(*(lifecycle.awaited_in(end) for end in ends))}
        wanted = proposers(lifecycle, row) | left(lifecycle, row) - _alone(lifecycle, row)
        if decides(row, lifecycle.states):
            wanted |= concerned(lifecycle, ends) - _alone(lifecycle, row)
        yield from ((lifecycle.label, row.name, role) for role in sorted(wanted - hear - {Role.SYSTEM}))


def _alone(lifecycle: Lifecycle, row: Transition) -> frozenset[Role]:
    """The role that alone makes a transition, where it is one side; two windows are two."""
    sides = {
        party.bound_to and (party.organization, party.place, party.user, party.at)
        for party in lifecycle.model.seen_by
        if row.roles == {party.role} and any(party.bound_to)
    }
    return row.roles if len(row.roles) == 1 and len(sides) < 2 else frozenset()


def test_everybody_whom_an_end_concerns_is_awaited_or_told():
    found = [of for lifecycle in LIFECYCLES.values() for of in untold(lifecycle)]
    named = {*found} | {(label, ALL, role) for label, _row, role in found}
    assert [of for of in found if of not in UNTOLD and (of[0], ALL, of[2]) not in UNTOLD] == []
    assert UNTOLD.keys() - named == set(), "exceptions that are none"
