"""Missing papers are told once and completely (S12), whoever asks for them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from foundation import moments
from foundation.refusals import Invalid
from foundation.roles import Actor
from referrals.models import Matter, PaperRequest


def ask(
    matter: Matter, *, by: Actor, papers: str, again_because: str, need_id: int | None = None
) -> None:
    """Write down what is missing, one paper a line, on a matter that is locked.

    The household is asked once, whether by the window or by a body: a second request
    raises ``Invalid`` unless it says why the first was not complete.
    """
    earlier = matter.paper_requests.last()
    if earlier is not None and not again_because.strip():
        message = _(
            "%(who)s已于 %(day)s 一次性告知过。材料只能告知一次;确需再次告知,请写明理由。"
        ) % {"who": earlier.asked_by, "day": earlier.asked_at.date()}
        raise Invalid(message, fields={"again_because": message}, rule="S12")
    PaperRequest.objects.create(
        matter=matter,
        need_id=need_id,
        papers=papers,
        again_because=again_because if earlier is not None else "",
        asked_by=by.words,
        asked_at=moments.now(),
    )
    matter.papers_missing = papers
