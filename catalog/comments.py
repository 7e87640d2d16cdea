"""Bodies comment on a draft; each comment is answered."""

from __future__ import annotations

from django.utils.translation import gettext as _

from catalog.lifecycle import COMMENT, EditionStatus
from catalog.models import Comment, Edition
from foundation.refusals import Invalid
from foundation.roles import Actor


@COMMENT.start("give")
def give(*, by: Actor, edition: Edition, text: str) -> Comment:
    """Comment for one's body while the consultation is open."""
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    if edition.status != EditionStatus.CONSULTATION:
        message = _("这一版目录不在征求意见期。")
        raise Invalid(message, fields={"edition": message}, rule="S25")
    return Comment.objects.create(edition=edition, body_id=by.organization_id, text=text)


@COMMENT.move("answer")
def answer(comment: Comment, *, by: Actor, text: str) -> None:
    """Answer a comment."""
    comment.answer = text
