"""Forms are saved as people type."""

from __future__ import annotations

import json

from foundation import moments
from foundation.models.draft import FormDraft
from foundation.roles import Actor

#: Never kept: tokens and what the server makes itself.
UNKEPT = {"csrfmiddlewaretoken", "key", "seen"}
#: What begins so is a secret until it is sent: prices before the opening, passphrases.
CLOSED = "sealed_"


def save(actor: Actor, path: str, values: dict[str, list[str]]) -> FormDraft:
    """Keep what has been typed at ``path``; the newest wins."""
    kept = {
        name: value
        for name, value in values.items()
        if name not in UNKEPT and not name.startswith(CLOSED)
    }
    text = json.dumps(kept, ensure_ascii=False)[:100_000]
    draft, _new = FormDraft.objects.update_or_create(
        user_id=actor.user_id,
        path=path[:200],
        defaults={"content": text, "saved_at": moments.now()},
    )
    return draft


def restore(actor: Actor, path: str) -> dict[str, list[str]]:
    """What was typed before at ``path``, or nothing."""
    draft = FormDraft.objects.filter(user_id=actor.user_id, path=path[:200]).first()
    return json.loads(draft.content.plain()) if draft else {}


def forget(actor: Actor, path: str) -> None:
    """The form was sent."""
    FormDraft.objects.filter(user_id=actor.user_id, path=path[:200]).delete()
