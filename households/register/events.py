"""What happens to a household, for the floors above, which hold open work on it."""

from __future__ import annotations

from foundation.hooks import Hook
from foundation.roles import Actor
from households.consents.models import Consent
from households.register.models import Household, Person

#: A consent no longer holds: what was handed on under it must stop.
on_withdrawal: Hook[[Consent, Actor], None] = Hook()


#: A person of the household has died.
on_death: Hook[[Household, Person, Actor], None] = Hook()


#: A household is about to be closed; refused while it holds open work.
before_closing: Hook[[Household], None] = Hook()
