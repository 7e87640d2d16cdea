"""Hooks on which floors above act or object."""

from __future__ import annotations

from foundation.hooks import Hook
from organizations.providers.models import Provider

#: Before a suspended provider resumes; a function raises ``Refused`` while it must stay suspended.
before_resuming: Hook[[Provider], None] = Hook()
