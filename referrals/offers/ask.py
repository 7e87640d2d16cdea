"""What a provider is asked for, as one: from the form through a call to the referral and to whoever
takes it over.

A field of it stands in ``Ask`` and in ``AskedFor``, and in the form; nobody in between lists it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.personal_data.fields import SealedTextField

#: How many weeks a plan of so many units spreads over, where nothing else is said.
WEEKS = 4


def weekly_of(units: int) -> int:
    """Units a week of a plan of ``units``, spread over four weeks."""
    return -(-units // WEEKS)


@dataclass(frozen=True, kw_only=True)
class Ask:
    """``units`` of the item, ``weekly`` of them a week (spread over four weeks where nothing is
    said), and the ``goal`` in words.
    """

    units: int
    weekly: int = 0
    goal: str

    def __post_init__(self) -> None:
        if not self.weekly:
            object.__setattr__(self, "weekly", weekly_of(self.units))


#: The names of what is asked, as forms, models and the API bear them.
ASKED = tuple(field.name for field in fields(Ask))


class AskedFor(models.Model):
    """What a model keeps of it, made from an ask: ``create(**vars(ask), ...)``."""

    units = models.PositiveIntegerField(_("计划数量"))
    weekly = models.PositiveIntegerField(_("每周用量"))
    goal = SealedTextField(_("目标"))

    class Meta:
        abstract = True

    @property
    def ask(self) -> Ask:
        """What was asked."""
        return Ask(**{name: getattr(self, name) for name in ASKED})
