"""What a second person reads before agreeing to what one has proposed."""

from __future__ import annotations

from foundation.inputs import Input, inputs_for
from foundation.journal.models import Entry
from procurement.lifecycle import PANEL_SEAT, PROJECT


class Decide(Input):
    """The ground, the facts, who proposed it and when stand above the form."""

    facts = "procurement/proposed.html"
    ground, why, proposing = "", "", ""

    def prepare(self) -> None:
        self.proposed_by: Entry | None = None
        if self.obj is None or not getattr(self.obj, self.ground):
            return
        self.ground_words = getattr(self.obj, f"get_{self.ground}_display")()
        self.why_words = getattr(self.obj, self.why)
        self.proposed_by = (
            Entry.objects.open_to(self.actor)
            .filter(lifecycle=self.obj._meta.label, object_id=self.obj.pk, move=self.proposing)
            .first()
        )


@inputs_for(PROJECT, "confirm_failure", "refuse_failure")
class DecideFailure(Decide):
    ground, why, proposing = "failing", "failing_why", "propose_failure"


@inputs_for(PROJECT, "confirm_next", "refuse_next")
class DecideNext(Decide):
    ground, why, proposing = "passing", "passing_why", "propose_next"


@inputs_for(PANEL_SEAT, "excuse", "refuse_excuse")
class DecideExcuse(Decide):
    ground, why, proposing = "excusing", "excusing_why", "propose_excuse"
