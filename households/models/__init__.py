"""Households, people, consent, and the help that they received."""

from households.models.consent import Consent
from households.models.correction import Correction
from households.models.help import HelpReceived
from households.models.household import Household, HouseholdAccount, HouseholdMember, Person
from households.models.joining import Joining
from households.models.lookup import LookUp
from households.models.relocation import Relocation

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
