"""Whatever is opened or done in an emergency is written down before it is answered."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from foundation.journal import sentences, writing
from foundation.permissions import ActorRequest
from foundation.personal_data.masking import mask_name
from organizations.emergencies.models import EmergencyAccess
from organizations.emergencies.states import BASIS, EMERGENCY

#: What is written into the journal here.
OPEN = sentences.act("open_in_an_emergency", gettext_lazy("%(who)s在应急授权下打开或办理"))

#: Characters of an address that are kept.
LONGEST = 110


def note(request: ActorRequest) -> None:
    """Write down the address of a request that is made in an emergency, of what it asks for the first character; the
    journal's other entries of the same request have its ``request_id``.
    """
    actor = request.actor
    if actor is None or actor.emergency_id is None:
        return
    access = EmergencyAccess.objects.get(pk=actor.emergency_id)
    asked = "&".join(f"{name}={mask_name(str(value))}" for name, value in request.GET.items() if value)
    address = f"{request.method} {request.path}{asked and '?'}{asked}"[:LONGEST]
    writing.write(EMERGENCY.label, access, OPEN, actor, basis=BASIS, name=address)
