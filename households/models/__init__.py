"""Households, people, consent, and the help that they received."""

from households.models.consent import Consent
from households.models.help import HelpReceived
from households.models.household import Household, HouseholdAccount, HouseholdMember, Person

__all__ = ["Consent", "HelpReceived", "Household", "HouseholdAccount", "HouseholdMember", "Person"]
