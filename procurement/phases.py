"""Phases of purchases and of bids, where the common ones are too coarse."""

from foundation.lifecycle.phases import ENDED, Phase

# --- purchases --------------------------------------------------------------------------

#: Published; providers may ask, object to the method, and bid until the deadline.
OUT_FOR_BIDS = Phase("out_for_bids")

#: The deadline has passed; the bids are opened together and checked.
BEING_OPENED = Phase("being_opened")

#: Scored by the panel, or negotiated; then the award is due. A bid: checked, scored and ranked.
BEING_JUDGED = Phase("being_judged")

#: Awarded; bidders may object.
OPEN_TO_OBJECTION = Phase("open_to_objection")

#: The award stands; the contract is to be drafted.
TO_BE_CONTRACTED = Phase("to_be_contracted")

#: The award was published, and was not withdrawn.
AWARD_PUBLISHED = OPEN_TO_OBJECTION | TO_BE_CONTRACTED | ENDED

#: Published, and it may fail: not while bidders may object.
MAY_FAIL = OUT_FOR_BIDS | BEING_OPENED | BEING_JUDGED | TO_BE_CONTRACTED

# --- bids -------------------------------------------------------------------------------

#: Sent and sealed: nobody but the bidder may know of it.
UNOPENED = Phase("unopened")

#: Found invalid, or out after the award.
REFUSED = Phase("refused", over=True)

#: Took part in the opening.
WAS_OPENED = BEING_JUDGED | ENDED | REFUSED

#: Neither withdrawn nor found invalid.
VALID = UNOPENED | BEING_JUDGED | ENDED

#: Its result is known, and public once the purchase is awarded.
RESULT_KNOWN = ENDED | REFUSED
