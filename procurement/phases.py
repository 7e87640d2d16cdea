"""Phases of purchases and of bids, where the common ones are too coarse."""

from foundation.lifecycle.phases import ENDED, Phase

# --- purchases --------------------------------------------------------------------------

#: Published; providers may ask, object to the method, and bid until the deadline.
OUT_FOR_BIDS = Phase("out_for_bids")

#: The deadline has passed; key holders hand in their shares, and the bids are opened together.
BIDS_CLOSED = Phase("bids_closed")

#: The bids are opened, and the buyer checks who is eligible.
BEING_CHECKED = Phase("being_checked")

#: The eligible bids are scored and ranked; nobody sees the others' scores.
BEING_JUDGED = Phase("being_judged")

#: Ranked; the award is due.
AWARD_DUE = Phase("award_due")

#: Awarded; bidders may object.
OPEN_TO_OBJECTION = Phase("open_to_objection")

#: The award stands; the contract is to be drafted.
TO_BE_CONTRACTED = Phase("to_be_contracted")

#: The award was published, and was not withdrawn.
AWARD_PUBLISHED = OPEN_TO_OBJECTION | TO_BE_CONTRACTED | ENDED

#: Published, and it may fail: not while bidders may object.
MAY_FAIL = OUT_FOR_BIDS | BIDS_CLOSED | BEING_CHECKED | BEING_JUDGED | AWARD_DUE | TO_BE_CONTRACTED

#: The next candidate may take the place of the first.
NEXT_MAY_FOLLOW = AWARD_DUE | TO_BE_CONTRACTED

# --- bids -------------------------------------------------------------------------------

#: Sent and sealed: nobody but the bidder may know of it.
UNOPENED = Phase("unopened")

#: Found invalid, or out after the award.
REFUSED = Phase("refused", over=True)

#: Took part in the opening.
WAS_OPENED = BEING_CHECKED | BEING_JUDGED | ENDED | REFUSED

#: Neither withdrawn nor found invalid.
VALID = UNOPENED | BEING_CHECKED | BEING_JUDGED | ENDED

#: Its result is known, and public once the purchase is awarded.
RESULT_KNOWN = ENDED | REFUSED
