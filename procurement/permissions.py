"""The parties of purchases."""

from foundation.lifecycle.phases import DROPPED, ENDED, PREPARED
from foundation.parties import Party, everybody_in, told_of
from foundation.roles import HOLDS_KEYS, OVERSEERS, SEES_MONEY, Role
from procurement.phases import AWARD_PUBLISHED

buyer = Party(Role.CIVIL_AFFAIRS)


finance = Party(Role.FINANCE)


any_provider = Party(Role.COORDINATOR, everybody=True)


#: The coordinators of the provider that bids, asks, objects, or keeps the document.
bidder = Party(Role.COORDINATOR, organization="provider__organization")


#: The coordinators of the provider that did what a journal entry says.
doer = Party(Role.COORDINATOR, organization="organization_id")


#: The expert of a seat on a panel.
panelist = Party(Role.EVALUATOR, user="person", named_to=SEES_MONEY)


#: The experts who have submitted their scores for the purchase.
panel = Party(Role.EVALUATOR, user="person", at="panelseats", phases=ENDED)


#: The person who holds a share of the key.
key_holders = everybody_in(HOLDS_KEYS, user="person", named_to=SEES_MONEY)


#: Lookups of what belongs to a purchase whose bids are opened.
OPENED = {"project__opened_at__isnull": False}


#: Who sees what a purchase does not tell providers: the buyer's side, and those who oversee it.
BUYING_SIDE = everybody_in(SEES_MONEY)


#: Who reads what of a purchase: the budget behind it is the city's own affair.
READ_OF_PURCHASES = {"budget_line": BUYING_SIDE}


#: Who knows what one person of the buyer proposes, before a second one decides.
KNOWS_PROPOSALS = told_of("procurement.Objection", parties=everybody_in(OVERSEERS))


#: Providers to whom a notice is restricted see it while others do not; an award is for all of them.
SEES_PURCHASES = (
    *BUYING_SIDE,
    Party(Role.EVALUATOR, user="panelseats__person"),
    Party(Role.HANDLER, user="keyholders__person", if_held=True),
    Party(Role.COORDINATOR, everybody=True, phases=~PREPARED, where={"restricted": False}),
    Party(Role.COORDINATOR, everybody=True, phases=AWARD_PUBLISHED),
    Party(Role.COORDINATOR, organization="invited__organization", phases=~PREPARED),
)


#: Who sees a question or an objection.
SEES_WHAT_IS_ASKED = (*BUYING_SIDE, bidder)


#: A bidder sees its own; those who decide see none before the opening, not even who bids.
SEES_BIDS = (bidder, *everybody_in(SEES_MONEY, phases=~DROPPED, where=OPENED))


#: An expert who sits on the panel of the purchase whose bids are opened.
sits_on_its_panel = Party(
    Role.EVALUATOR, user="person", at="project__panelseats", phases=~DROPPED, where=OPENED
)


#: Who sees a share of the key.
SEES_KEY_HOLDERS = (*BUYING_SIDE, Party(Role.HANDLER, user="person", if_held=True))


#: Who sees a seat on a panel.
SEES_PANEL_SEATS = (*BUYING_SIDE, panelist)


#: The audit may know who asked, once the bids are opened.
auditor_after_the_opening = Party(Role.AUDITOR, where=OPENED)
