"""Whatever is opened or done in an emergency is written down before it is answered."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy

from foundation.journal import sentences, writing
from foundation.permissions import ActorRequest
from foundation.personal_data.masking import mask_name
from foundation.remembering import SAFE
from foundation.wording import on_record
from organizations.emergencies.models import EmergencyAccess
from organizations.emergencies.states import BASIS, EMERGENCY

#: What is written into the journal here.
OPEN = sentences.act("open_in_an_emergency", gettext_lazy("%(who)s在应急授权下打开或办理"))

#: What was done with an address: a page was opened, or something was sent to it.
OPENED, ACTED = gettext_lazy("打开"), gettext_lazy("提交到")

#: An argument in the route of an address.
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")

#: The arguments in words that whoever looks an emergency through must read: of which case, and what of it. Any other
#: may be the code of a link.
SAID = ("number", "kind", "label", "field")

#: Characters of an address that are kept.
LONGEST = 110


def note(request: ActorRequest) -> None:
    """Write down the address of a request that is made in an emergency, of what it asks for, and of a code in
    the address, the first character; the journal's other entries of the same request have its ``request_id``.
    """
    actor = request.actor
    if actor is None or actor.emergency_id is None:
        return
    access = EmergencyAccess.objects.get(pk=actor.emergency_id)
    asked = "&".join(f"{name}={mask_name(str(value))}" for name, value in request.GET.items() if value)
    address = f"{_path(request)}{asked and '?'}{asked}"
    done = on_record(OPENED if request.method in SAFE else ACTED)
    writing.write(EMERGENCY.label, access, OPEN, actor, basis=BASIS, name=f"{done} {address}"[:LONGEST])


def _path(request: ActorRequest) -> str:
    """The path of a request: numbers, and words that are named in ``SAID``, as they are; all others masked."""
    match = request.resolver_match
    if match is None:
        return mask_name(request.path)

    def said(argument: re.Match[str]) -> str:
        value = match.kwargs.get(argument[1], "")
        return str(value) if isinstance(value, int) or argument[1] in SAID else mask_name(str(value))

    return f"/{ARGUMENT.sub(said, match.route)}"
