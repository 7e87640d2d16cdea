"""Hooks of people for the packages above."""

from __future__ import annotations

from foundation.hooks import Hook
from organizations.bodies.models import Organization

#: Called after somebody has declared a conflict of interest with an organization.
conflict_declared: Hook[[Organization], None] = Hook()
