"""Invitations, each with a code that is used once."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import ASKED
from foundation.messaging.senders import mails_leave, takes_mail, takes_texts, texts_leave
from foundation.parties import SeenQuerySet
from foundation.personal_data.fields import EncryptedField
from foundation.roles import Role
from foundation.wording import day, labelled
from organizations.bodies.models import Organization
from organizations.invitations.states import INVITATION, InvitationStatus, Purpose
from organizations.people.models import User
from organizations.permissions import SEES_INVITATIONS
from organizations.places.models import Place


class Channel(models.TextChoices):
    """How a link reaches the person."""

    MAIL = "mail", _("邮件")
    TEXT = "text", _("短信")
    LETTER = "letter", _("打印的信")

    @property
    def served(self) -> bool:
        """Whether a link that is sent so comes to somebody here; a letter always does."""
        return {Channel.TEXT: takes_texts, Channel.MAIL: takes_mail}.get(self, lambda: True)()

    @property
    def leaves(self) -> bool:
        """Whether a link that is sent so leaves the machine; what does not is printed."""
        return {Channel.TEXT: texts_leave, Channel.MAIL: mails_leave}.get(self, lambda: False)()


class Invitation(LifecycleModel):
    """A person who is to join in a role for an organization or at a place between two days; or, with the purpose
    ``PASSWORD``, somebody of the staff who is to set a new password.

    ``user`` is the account that it is about, or that has come of it. ``digest`` is the hash of its code, which is
    derived from its key and ``serial``, so that a letter can be printed again and the database alone tells it to
    nobody; ``replaced`` are the hashes of its former codes, which open nothing. It is valid until ``expires_at``.
    """

    lifecycle = INVITATION
    seen_by = SEES_INVITATIONS
    at_a_glance = ("full_name", "channel", "role", "organization", "place", "valid_from", "valid_to")
    worklist_joins = ("organization", "place")
    unjournaled = ("digest", "replaced", "serial", "email")

    purpose = models.CharField(_("用途"), max_length=10, choices=Purpose.choices, default=Purpose.JOIN)
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="invitations")
    full_name = models.CharField(_("姓名"), max_length=40)
    phone = EncryptedField(kind="phone", verbose_name=_("手机"), null=True, blank=True)
    email = models.EmailField(_("邮箱"), blank=True)
    channel = models.CharField(_("怎样送达"), max_length=10, choices=Channel.choices)
    role = models.CharField(_("身份"), max_length=20, choices=Role.choices, blank=True)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("机构")
    )
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("地点")
    )
    valid_from = models.DateField(_("自"), null=True, blank=True)
    valid_to = models.DateField(_("至"), null=True, blank=True)
    expires_at = models.DateTimeField(_("链接有效至"))
    serial = models.PositiveIntegerField(default=0, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    replaced = ArrayField(models.CharField(max_length=64), default=list, blank=True, editable=False)
    status = models.CharField(
        _("状态"), max_length=20, choices=InvitationStatus.choices, default=InvitationStatus.SENT
    )

    objects = SeenQuerySet["Invitation"].as_manager()

    class Meta:
        ordering = ("-id",)
        triggers = [INVITATION.trigger()]
        indexes = [GinIndex(fields=["replaced"], name="invitation_replaced")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(purpose=Purpose.JOIN) | models.Q(user__isnull=False),
                name="invitation_about_somebody",
            )
        ]

    def __str__(self) -> str:
        if self.purpose == Purpose.PASSWORD:
            return gettext("%(name)s：重设密码") % {"name": self.full_name}
        return labelled(self.full_name, self.get_role_display())

    def get_absolute_url(self) -> str:
        return reverse("invitation", args=[self.pk])

    @property
    def seat(self) -> str:
        """The role, and for whom or where."""
        where = self.organization or self.place or ""
        return f"{self.get_role_display()} {where}".strip()

    @property
    def days(self) -> str:
        """From which day and until which what it gives counts, as far as these are set; "" from today on and without end."""
        given = {"first": day(self.valid_from), "last": day(self.valid_to)}
        if self.begins_later:
            return (gettext("%(first)s 至 %(last)s") if self.valid_to else gettext("%(first)s 起")) % given
        return gettext("至 %(last)s") % given if self.valid_to else ""

    @property
    def begins_later(self) -> bool:
        """Whether what it gives counts on a later day alone."""
        return self.valid_from is not None and self.valid_from > moments.today()

    @property
    def usable(self) -> bool:
        """Whether its code opens something now."""
        return self.status in InvitationStatus.in_phase(ASKED) and self.expires_at > moments.now()
