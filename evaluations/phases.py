"""Phases of rounds and exits that the common ones do not tell apart, and what is asked of several."""

from __future__ import annotations

from foundation.lifecycle.phases import ANSWERING, ASKED, ENDED, PREPARED, SERVING, SUSPENDED, Phase

#: Scoring is over; the results are weighed, and nobody has been told them.
MODERATED = Phase("moderated")

#: Everybody can read the results, whose consequences are still to come.
ANNOUNCED = Phase("announced")

#: A provider that is to leave knows why, and may speak.
HEARING = Phase("hearing")

#: A panel decides.
DECIDING = Phase("deciding")

#: The provider has left, and the public reads why until its ban is over.
BARRED = Phase("barred", over=True)

#: It had taken effect and was taken back; what the public reads is corrected.
REVERSED = Phase("reversed", over=True)

#: Phases of a round whose evaluators have not all scored.
UNSCORED = PREPARED | ASKED | SERVING

#: Phases of a sheet whose evaluator is on the panel.
SITTING = ASKED | SERVING | SUSPENDED | ANSWERING

#: Phases of a round in which a provider can read its result.
TOLD = ANSWERING | ANNOUNCED | ENDED

#: Phases of a round in which everybody can read the results.
PUBLIC = ANNOUNCED | ENDED

#: Phases of an exit whose decision stands, and can be contested.
DECIDED = SERVING | ANSWERING | BARRED

#: Phases of an exit that the public reads: once the provider has left.
PUBLISHED = ANSWERING | BARRED | ENDED | REVERSED
