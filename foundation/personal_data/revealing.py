"""Revealing a protected value: an action with a reason and an entry in the journal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import limits_told, moments
from foundation.advisory_locks import take_lock
from foundation.journal import sentences, writing
from foundation.journal.models import Entry
from foundation.personal_data.disclosing import BASIS, good_reason, protected
from foundation.refusals import Invalid, Limit, NotYours, TooOften, whole_minutes
from foundation.roles import Actor
from foundation.rules import reading
from foundation.transactions import whole

#: What is written into the journal here.
REVEAL = sentences.act("reveal", gettext_lazy("%(who)s查看了受保护的信息"), confided=True)


@whole
def reveal(obj: Any, field: str, *, by: Actor, reason: str) -> str:
    """The plain value of a protected field of an object with ``may_reveal``.

    Raises ``Invalid`` without a meaningful reason or for a field that is not protected, ``NotYours``
    if the role has no need of it, ``TooOften`` beyond the number an hour of the rule
    ``personal_data.reveals``.
    """
    if field not in protected(type(obj)):
        raise Invalid(_("没有这项受保护的信息。"), fields={"field": _("没有这项信息。")})
    text = good_reason(reason)
    if not obj.may_reveal(by, field):
        raise NotYours(_("您的身份不需要看到这项信息。"), rule=BASIS)
    write_down(obj, by, text, {"field": field})
    value = getattr(obj, field)
    return value.plain() if hasattr(value, "plain") else value or ""


def has_looked(obj: Any, field: str, by: Actor) -> bool:
    """Whether somebody has read a protected value of an object since it was set last, by the journal."""
    written = Entry.objects.filter(lifecycle=obj._meta.label, object_id=obj.pk)
    set_last = (
        written.filter(after__has_key=field).exclude(move=REVEAL).order_by("-pk").values_list("pk", flat=True)
    )
    looked = written.filter(move=REVEAL, actor_id=by.person, after__field=field)
    return looked.filter(pk__gt=set_last.first() or 0).exists()


def write_down(obj: Any, by: Actor, reason: str, what: dict[str, str]) -> None:
    """Write the entry at the object, and one at the person it is about (``about_whom``), who may ask
    who looked. Raises ``TooOften``.
    """
    _check_rate(by)
    writing.write(obj._meta.label, obj, REVEAL, by, after=what, reason=reason, basis=BASIS)
    about = getattr(obj, "about_whom", None)
    if about is not None:
        # The entry names the object; ``what`` is left out, since the field is one of the object.
        writing.write(about._meta.label, about, REVEAL, by, reason=reason, basis=BASIS, name=obj)


def _check_rate(by: Actor) -> None:
    """Raise ``TooOften`` beyond the hourly number; a lock makes two requests at once count each other."""
    if by.user_id is None:
        return
    take_lock("reveal", str(by.user_id))
    most = int(reading.current("personal_data.reveals").value["an_hour"])
    limit = Limit("reveals", most, 3600)
    since = moments.now() - timedelta(hours=1)
    lately = Entry.objects.filter(actor_id=by.user_id, move=REVEAL, at__gte=since)
    looked = lately.exclude(after={}).order_by("-at").values_list("at", flat=True)[:most]
    if len(looked) >= most:
        again_in = (looked[most - 1] - since).total_seconds()
        words = _("一小时内查看得太多（最多 %(most)s 次），请 %(minutes)s 分钟后再看；有急事请找同事一起办。")
        raise TooOften(
            words % {"most": most, "minutes": whole_minutes(again_in)},
            limit=limit,
            again_in=again_in,
            rule=BASIS,
        )
    limits_told.counted(limit, most - len(looked) - 1, limit.seconds)
