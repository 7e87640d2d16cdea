"""Who opens the bids together, and who scores them."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.model import LivedModel
from foundation.personal_data.fields import SealedBytesField
from foundation.roles import Actor, Role
from organizations.models import Organization, User
from procurement.lifecycle import (
    KEY_SEAT,
    PANEL_SEAT,
    ExcuseGround,
    KeySeatStatus,
    PanelSeatStatus,
    ProjectStatus,
)
from procurement.models.project import Project

OVERSIGHT = (Role.CIVIL_AFFAIRS, Role.FINANCE, Role.AUDITOR)


class SeatQuerySet(models.QuerySet["Seat"]):
    def visible_to(self, actor: Actor) -> SeatQuerySet:
        """Buyer, finance and audit see all seats; everybody else the own ones."""
        if actor.role in OVERSIGHT:
            return self
        return self.filter(person_id=actor.user_id)


class Seat(LivedModel):
    """A person's part in one purchase."""

    project = models.ForeignKey(
        Project,
        models.PROTECT,
        related_name="%(class)ss",
        related_query_name="%(class)s",
        verbose_name=_("采购项目"),
    )
    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("姓名"))
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name=_("单位")
    )

    objects = SeatQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.project} {self.person.full_name}"

    def audience(self, role: Role) -> tuple[int | None, int | None, int | None]:
        """The person who sits there."""
        own = role not in OVERSIGHT or role in getattr(self, "told", ())
        return None, None, (self.person_id if own else None)

    def row_title(self) -> str:
        return f"{self.project.title} · {self.lifecycle.title}"


class KeySeat(Seat):
    """A part of the key that opens the bids of one purchase.

    ``public_key`` is made from the holder's passphrase, which is kept nowhere; ``share`` can be
    read with it only. ``handed`` holds the share from the deadline to the opening.
    """

    lifecycle = KEY_SEAT
    worklist_joins = ("project", "person")
    unjournaled = ("salt", "public_key", "share", "handed")
    told = (Role.CIVIL_AFFAIRS, Role.FINANCE)

    salt = models.BinaryField(null=True, editable=False)
    public_key = models.BinaryField(null=True, editable=False)
    number = models.PositiveSmallIntegerField(_("份额序号"), null=True)
    share = models.BinaryField(null=True, editable=False)
    handed = SealedBytesField(null=True, editable=False)
    status = models.CharField(
        _("状态"), max_length=20, choices=KeySeatStatus.choices, default=KeySeatStatus.NAMED
    )

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["project", "person"],
                condition=~models.Q(status=KeySeatStatus.RELEASED),
                name="key_seat_once",
            )
        ]
        triggers = [KEY_SEAT.trigger()]

    def get_absolute_url(self) -> str:
        return reverse("key-seat", args=[self.pk])

    def moves_for(self, actor: Actor) -> list:
        """The passphrase is asked for after the deadline only."""
        closed = self.project.status == ProjectStatus.CLOSED
        return [each for each in super().moves_for(actor) if each.name != "turn" or closed]


class PanelSeat(Seat):
    """One expert on the panel. ``scores`` is ``{bid: {criterion: {"points", "note"}}}``.

    ``seed`` is what the lots of this seat were thrown with; ``excusing`` the ground on which the
    buyer wants another expert, until a second person has decided.
    """

    lifecycle = PANEL_SEAT
    worklist_joins = ("project", "person")

    draw_number = models.PositiveSmallIntegerField(_("抽签名次"))
    seed = models.CharField(_("抽签号"), max_length=32, blank=True)
    excusing = models.CharField(_("更换的理由"), max_length=12, choices=ExcuseGround.choices, blank=True)
    excusing_why = models.CharField(_("更换的事实"), max_length=300, blank=True)
    scores = models.JSONField(default=dict)
    status = models.CharField(
        _("状态"), max_length=20, choices=PanelSeatStatus.choices, default=PanelSeatStatus.DRAWN
    )

    class Meta:
        ordering = ("draw_number", "id")
        constraints = [models.UniqueConstraint(fields=["project", "person"], name="panel_seat_once")]
        triggers = [PANEL_SEAT.trigger()]

    def get_absolute_url(self) -> str:
        return reverse("panel-seat", args=[self.pk])

    def moves_for(self, actor: Actor) -> list:
        """A replacement is proposed first, then decided."""
        hidden = {"propose_excuse"} if self.excusing else {"refuse_excuse", "excuse"}
        moves = [each for each in super().moves_for(actor) if each.name not in hidden]
        return self.without_own_proposal(moves, actor)
