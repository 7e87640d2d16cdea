"""Seats of experts on evaluation panels."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import DROPPED, ENDED
from foundation.parties import SeenQuerySet
from procurement.panel.states import PANEL_SEAT, ExcuseGround, PanelSeatStatus
from procurement.permissions import SEES_PANEL_SEATS
from procurement.seat import Seat


class PanelSeatQuerySet(SeenQuerySet["PanelSeat"]):
    def scored(self) -> PanelSeatQuerySet:
        """Seats of experts who have submitted their scores."""
        return self.filter(status__in=PanelSeatStatus.in_phase(ENDED))


class PanelSeat(Seat):
    """One expert's seat on a panel. ``scores`` is ``{bid key: {criterion key: {"points", "note"}}}``.

    ``seed`` is the random seed of the draw that chose the expert; ``excusing`` the ground on which the
    buyer proposes to replace the expert, until a second person has decided.
    """

    lifecycle = PANEL_SEAT
    seen_by = SEES_PANEL_SEATS
    worklist_joins = ("project", "person")

    draw_number = models.PositiveSmallIntegerField(_("抽签名次"))
    seed = models.CharField(_("抽签号"), max_length=32, blank=True)
    excusing = models.CharField(_("更换的理由"), max_length=12, choices=ExcuseGround.choices, blank=True)
    excusing_why = models.CharField(_("更换的事实"), max_length=300, blank=True)
    scores = models.JSONField(default=dict)
    status = models.CharField(
        _("状态"), max_length=20, choices=PanelSeatStatus.choices, default=PanelSeatStatus.DRAWN
    )

    objects = PanelSeatQuerySet.as_manager()

    class Meta:
        ordering = ("draw_number", "id")
        constraints = [models.UniqueConstraint(fields=["project", "person"], name="panel_seat_once")]
        triggers = [PANEL_SEAT.trigger()]

    def get_absolute_url(self) -> str:
        return reverse("panel-seat", args=[self.pk])

    @property
    def left(self) -> bool:
        """Whether the expert has left the panel."""
        return self.status in PanelSeatStatus.in_phase(DROPPED)

    @property
    def not_to_be_replaced(self) -> bool:
        """Whether no proposal to replace the expert waits."""
        return not self.excusing
