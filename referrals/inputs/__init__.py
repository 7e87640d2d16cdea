"""What acts on matters, needs and referrals take: a form for the page and for the API."""

from referrals.inputs import answering, delivery, intake, offering, triage

__all__ = ["answering", "delivery", "intake", "offering", "triage"]
