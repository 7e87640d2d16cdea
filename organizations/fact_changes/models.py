"""Changes of sensitive facts."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import ASKED
from foundation.parties import SeenQuerySet
from foundation.personal_data.fields import EncryptedField
from foundation.roles import Actor, Role
from organizations.fact_changes.states import FACT_CHANGE, FactChangeStatus
from organizations.permissions import SEES_FACT_CHANGES
from organizations.providers import namesakes
from organizations.providers.models import Nature, Provider


class FactChange(LifecycleModel):
    """What a provider asks to be registered instead: a fact that is empty here stays as it is.

    ``why`` says what has happened and which document proves it. The ``former_`` facts are those that stood when it was
    proposed, and in the end when it was decided. ``looked_up_at`` says where the officer has compared them.
    """

    lifecycle = FACT_CHANGE
    seen_by = SEES_FACT_CHANGES
    worklist_joins = ("provider__organization",)

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="fact_changes")
    name = models.CharField(_("机构名称"), max_length=80, blank=True)
    nature = models.CharField(_("性质"), max_length=24, choices=Nature.choices, blank=True)
    legal_representative = models.CharField(_("法定代表人"), max_length=40, blank=True)
    bank_name = models.CharField(_("开户银行"), max_length=80, blank=True)
    bank_account = EncryptedField(kind="account", verbose_name=_("对公账号"), null=True, blank=True)
    former_name = models.CharField(_("原机构名称"), max_length=80, blank=True, editable=False)
    former_nature = models.CharField(
        _("原性质"), max_length=24, choices=Nature.choices, blank=True, editable=False
    )
    former_legal_representative = models.CharField(
        _("原法定代表人"), max_length=40, blank=True, editable=False
    )
    former_bank_name = models.CharField(_("原开户银行"), max_length=80, blank=True, editable=False)
    former_bank_account = EncryptedField(
        kind="account", verbose_name=_("原对公账号"), null=True, blank=True, editable=False
    )
    why = models.CharField(_("变更说明"), max_length=300)
    looked_up_at = models.CharField(_("在哪里核对的"), max_length=80, blank=True, editable=False)
    status = models.CharField(
        _("状态"), max_length=20, choices=FactChangeStatus.choices, default=FactChangeStatus.PROPOSED
    )

    objects = SeenQuerySet["FactChange"].as_manager()

    class Meta:
        ordering = ("-id",)
        triggers = [FACT_CHANGE.trigger()]
        constraints = [
            models.UniqueConstraint(
                fields=["provider"],
                condition=models.Q(status__in=FactChangeStatus.in_phase(ASKED)),
                name="one_change_of_facts_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return gettext("%(name)s：变更登记事项") % {"name": self.provider}

    def get_absolute_url(self) -> str:
        return reverse("fact-change", args=[self.pk])

    def may_reveal(self, actor: Actor, field: str) -> bool:
        """Whether somebody may read the account in plain after a reason: who confirms it, and the provider's own."""
        return actor.role is Role.CIVIL_AFFAIRS or actor.organization_id == self.provider.organization_id

    def note_former(self, facts: Mapping[str, str | None]) -> None:
        """Write down of the facts that change how they stand now."""
        for fact in self.changed:
            setattr(self, f"former_{fact}", facts[fact])

    @property
    def namesakes(self) -> str:
        """Which others have the name that is asked for, in words; "" for none."""
        return namesakes.told_of(self.provider, self.name) if self.name else ""

    @property
    def changed(self) -> list[str]:
        """The names of the facts that change."""
        return [name for name in SENSITIVE if getattr(self, name)]


#: The facts that civil affairs confirms.
SENSITIVE = ("name", "nature", "legal_representative", "bank_name", "bank_account")
