"""What happens to a provider, for the floors above."""

from __future__ import annotations

from foundation.hooks import Hook
from organizations.providers.models import Provider

#: A suspended provider is about to take work again; refused while its suspension has to last.
before_resuming: Hook[[Provider], None] = Hook()
