"""Actions on comments: responsible bodies comment on a draft edition, civil affairs answers each (S25)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from catalog.comments.models import Comment
from catalog.comments.states import COMMENT
from catalog.editions.models import Edition
from foundation.refusals import Invalid
from foundation.roles import Actor


@COMMENT.start("give")
def give(*, by: Actor, edition: Edition, text: str, item_code: str = "") -> Comment:
    """Comment in the name of one's body, on one item or on the whole edition.

    Raises ``Invalid`` for an edition that is not in consultation, and for an item that it does not have.
    """
    edition = Edition.objects.select_for_update(of=("self",)).get(pk=edition.pk)
    if not edition.takes_comments:
        message = _("这一版目录不在征求意见期。")
        raise Invalid(message, fields={"edition": message}, rule="S25")
    code = item_code.strip().upper()
    if code and not edition.items.filter(code=code).exists():
        message = _("这一版目录里没有项目 %(code)s。") % {"code": code}
        raise Invalid(message, fields={"item_code": message})
    return Comment.objects.create(edition=edition, body_id=by.organization, text=text, item_code=code)


@COMMENT.transition("answer")
def answer(comment: Comment, *, by: Actor, text: str) -> None:
    """Answer a comment."""
    comment.answer = text
