"""What a provider is asked for, as one value: from the form through a request for offers to the referral, and
on to the provider that takes over.

A field of it is declared in ``Ask``, in ``AskedFor`` and in the form; nothing in between lists it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.personal_data.fields import SealedTextField

#: How many weeks the units are spread over where no weekly number is given.
WEEKS = 4


def weekly_of(units: int) -> int:
    """The units a week of a plan of ``units``, spread over four weeks."""
    return -(-units // WEEKS)


@dataclass(frozen=True, kw_only=True)
class Ask:
    """``units`` of the item, ``weekly`` of them a week (spread over four weeks where none is given), and the
    ``goal`` in words.
    """

    units: int
    weekly: int = 0
    goal: str

    def __post_init__(self) -> None:
        if not self.weekly:
            object.__setattr__(self, "weekly", weekly_of(self.units))


#: The names of the fields in forms, models and the API.
ASKED = tuple(field.name for field in fields(Ask))


class AskedFor(models.Model):
    """The fields of an ask in a model, filled by ``create(**vars(ask), ...)``."""

    units = models.PositiveIntegerField(_("计划数量"))
    weekly = models.PositiveIntegerField(_("每周用量"))
    goal = SealedTextField(_("目标"))

    class Meta:
        abstract = True

    @property
    def ask(self) -> Ask:
        """The ask that the fields hold."""
        return Ask(**{name: getattr(self, name) for name in ASKED})
