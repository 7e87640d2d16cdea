"""All models of households, for Django."""

from households.consents.models import Consent
from households.corrections.models import Correction
from households.help_received.models import HelpReceived
from households.identity.models import LookUp
from households.joining.models import Joining
from households.register.models import Household, HouseholdAccount, HouseholdMember, Person
from households.relocations.models import Relocation

__all__ = [
    "Consent",
    "Correction",
    "HelpReceived",
    "Household",
    "HouseholdAccount",
    "HouseholdMember",
    "Joining",
    "LookUp",
    "Person",
    "Relocation",
]
