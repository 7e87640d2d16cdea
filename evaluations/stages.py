"""The stages of a round or an exit, as its table numbers them."""

from __future__ import annotations

from typing import Any

from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import ENDED
from foundation.parties import states_of


def stages_of(obj: LifecycleModel) -> list[dict[str, Any]]:
    """Each stage with its name, and whether it is done or current; none where its state is no stage."""
    states = states_of(obj)
    state = states(getattr(obj, obj.lifecycle.field_name))
    now, over = state.meaning.step, state.phase == ENDED
    if now is None:
        return []
    names: dict[int, str] = {}
    for other in states:
        if other.meaning.step is not None:
            names.setdefault(other.meaning.step, str(other.label))
    return [
        {"name": name, "done": over or step < now, "now": step == now and not over}
        for step, name in sorted(names.items())
    ]
