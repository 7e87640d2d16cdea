"""Matters, needs, referrals, visits and satisfaction."""

from referrals.models.matter import Matter
from referrals.models.need import Need, Satisfaction
from referrals.models.referral import Referral, Visit

__all__ = ["Matter", "Need", "Referral", "Satisfaction", "Visit"]
