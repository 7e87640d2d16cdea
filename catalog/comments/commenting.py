"""Bodies comment on a draft; each comment is answered."""

from __future__ import annotations

from django.utils.translation import gettext as _

from catalog.comments.models import Comment
from catalog.comments.states import COMMENT
from catalog.editions.models import Edition
from catalog.editions.states import EditionStatus
from foundation.inbox import notices
from foundation.refusals import Invalid
from foundation.roles import Actor, Role


@COMMENT.start("give")
def give(*, by: Actor, edition: Edition, text: str, item_code: str = "") -> Comment:
    """Comment for one's body while the consultation is open, on one item or on all."""
    edition = Edition.objects.select_for_update(of=("self",)).get(pk=edition.pk)
    if edition.status != EditionStatus.CONSULTATION:
        message = _("这一版目录不在征求意见期。")
        raise Invalid(message, fields={"edition": message}, rule="S25")
    code = item_code.strip().upper()
    if code and not edition.items.filter(code=code).exists():
        message = _("这一版目录里没有项目 %(code)s。") % {"code": code}
        raise Invalid(message, fields={"item_code": message})
    return Comment.objects.create(edition=edition, body_id=by.organization, text=text, item_code=code)


@COMMENT.transition("answer")
def answer(comment: Comment, *, by: Actor, text: str) -> None:
    """Answer a comment; whoever gave it is told."""
    comment.answer = text


@answer.then
def _tell_whoever_gave_it(comment: Comment, *, by: Actor, text: str) -> None:
    for role in (Role.HANDLER, Role.FINANCE):
        notices.send(comment, role, _("您对目录的意见已有答复：%(text)s") % {"text": text})
