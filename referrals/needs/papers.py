"""Requests for missing documents: complete and only once (S12), whoever asks."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.inbox import notices
from foundation.messaging import sending, texts
from foundation.refusals import Invalid
from foundation.roles import AROUND_A_HOME, Actor
from foundation.wording import filled, on_record
from foundation.work_items import settling
from households.register import phones
from referrals.matters.models import DocumentRequest, Matter
from referrals.needs.models import Need


def ask(matter: Matter, *, by: Actor, papers: str, again_because: str, need_id: int | None = None) -> None:
    """Record the missing documents, one a line, on a locked matter.

    The household is asked once, by the window or by a body. Raises ``Invalid`` for a second request without
    the reason why the first was not complete.
    """
    earlier = matter.paper_requests.last()
    if earlier is not None and not again_because.strip():
        message = _("%(who)s已于 %(day)s 一次性告知过。材料只能告知一次；确需再次告知，请写明理由。") % {
            "who": earlier.asked_by,
            "day": earlier.asked_at.date(),
        }
        raise Invalid(message, fields={"again_because": message}, rule="S12")
    if earlier is not None:
        _settle_need_of(earlier)
    DocumentRequest.objects.create(
        matter=matter,
        need_id=need_id,
        papers=papers,
        again_because=again_because if earlier is not None else "",
        asked_by=on_record(by.said),
        asked_at=moments.now(),
    )
    matter.papers_missing = papers
    _notify(matter)


def complete(matter: Matter) -> None:
    """Nothing is missing any more; the caller has locked the matter, and saves it."""
    matter.papers_missing = ""
    last = matter.paper_requests.last()
    if last is not None:
        _settle_need_of(last)


def _settle_need_of(request: DocumentRequest) -> None:
    """The need about which a body asked no longer waits for what that request names."""
    settling.touch(*Need.objects.filter(pk__in=[request.need_id]))


def _notify(matter: Matter) -> None:
    """Notify the household and whoever helps it, with the number to call."""
    window, household = matter.window, matter.household
    words = filled(gettext_lazy("%(number)s：需要补齐材料，见事项页的清单"), number=matter.number)
    for role in AROUND_A_HOME:
        notices.send(matter, role, words)
    text = texts.worded("messages.referrals", "papers", number=matter.number, phone=window.phone)
    sending.send(phones.reached_at(household), text, about="papers")
