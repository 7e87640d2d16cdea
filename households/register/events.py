"""Hooks on which floors above act or object, since they have open work for households."""

from __future__ import annotations

from foundation.hooks import Hook
from foundation.roles import Actor
from households.consents.models import Consent
from households.register.models import Household, Person

#: After a consent has ended: providers must stop using what was passed on under it.
on_withdrawal: Hook[[Consent, Actor], None] = Hook()


#: After the death of a member was recorded.
on_death: Hook[[Household, Person, Actor], None] = Hook()


#: After an account of a household was opened or ended: who may follow its cases has changed.
on_account: Hook[[Household], None] = Hook()


#: Before a household is closed; a function raises ``Refused`` while there is open work for it.
before_closing: Hook[[Household], None] = Hook()
