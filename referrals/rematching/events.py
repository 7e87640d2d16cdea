"""What happens to the work of a provider, for the floors above."""

from __future__ import annotations

from foundation.hooks import Hook
from foundation.roles import Actor
from organizations.providers.models import Provider

#: Where the work of a leaving provider goes is about to be approved by somebody; refused to whoever
#: has another part in it.
before_handing_over: Hook[[Provider, Actor], None] = Hook()
