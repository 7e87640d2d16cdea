"""Forms of decisions by a second person, which show what the first one has proposed."""

from __future__ import annotations

from foundation.forms.actions import ActionForm, form_for
from foundation.journal.models import Entry
from procurement.objections.states import OBJECTION, WHAT_IS_PROPOSED
from procurement.panel.states import PANEL_SEAT
from procurement.purchases.states import PROJECT


class Decide(ActionForm):
    """Shows the ground, the facts, who proposed it and when above the form."""

    facts = "procurement/purchases/proposed.html"
    ground, why, proposing = "", "", ""

    def prepare(self) -> None:
        self.proposed_by: Entry | None = None
        if self.obj is None or not getattr(self.obj, self.ground):
            return
        self.ground_words = self.ground_of()
        self.why_words = getattr(self.obj, self.why)
        self.proposed_by = (
            Entry.objects.open_to(self.actor)
            .filter(lifecycle=self.obj._meta.label, object_id=self.obj.pk, move=self.proposing)
            .first()
        )

    def ground_of(self) -> str:
        """The ground in words."""
        return str(getattr(self.obj, f"get_{self.ground}_display")())


@form_for(PROJECT, "confirm_failure", "refuse_failure")
class DecideFailure(Decide):
    """Decides on a proposal to let the purchase fail."""

    ground, why, proposing = "failing", "failing_why", "propose_failure"


@form_for(PROJECT, "confirm_next", "refuse_next")
class DecideNext(Decide):
    """Decides on a proposal to take the next candidate."""

    ground, why, proposing = "passing", "passing_why", "propose_next"


@form_for(PANEL_SEAT, "excuse", "refuse_excuse")
class DecideExcuse(Decide):
    """Decides on a proposal to replace an expert."""

    ground, why, proposing = "excusing", "excusing_why", "propose_excuse"


@form_for(OBJECTION, "uphold", "refuse_upholding")
class DecideUpholding(Decide):
    """Decides on a proposal to uphold an objection; its reason is shown as the facts."""

    ground, why, proposing = "upholding", "upholding", "propose_upholding"

    def ground_of(self) -> str:
        return str(WHAT_IS_PROPOSED)
