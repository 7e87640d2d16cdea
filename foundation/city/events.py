"""Hooks of the city for the packages above."""

from __future__ import annotations

from collections.abc import Sequence

from foundation.hooks import Hook
from foundation.refusals import Words

#: Asked before the city gets another division code: raises ``Invalid`` for one that what is entered does not fit.
before_coding: Hook[[str], None] = Hook()

#: What is missing before the city can work, in words; asked before it is declared to be at work.
missing: Hook[[], Sequence[Words]] = Hook()
