"""People who sign in, their roles at organizations and places, and their conflicts of interest."""

from __future__ import annotations

from datetime import date

import pgtrigger
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.refusals import Invalid
from foundation.roles import AT_A_PLACE, OF_AN_ORGANIZATION, Actor, Role
from organizations.bodies.models import Organization
from organizations.people import incompatible
from organizations.people.incompatible import PAIRS
from organizations.places.models import Place


class User(AbstractUser):
    """A person's account. What it may do depends on its memberships."""

    first_name = None  # type: ignore[assignment]  # full_name holds the whole name
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(_("姓名"), max_length=40)

    REQUIRED_FIELDS = ["full_name"]

    #: The memberships of today, where they were fetched with the person.
    held_today: list[Membership] | None = None

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def on(self, day: date) -> MembershipQuerySet:
        """Those that are valid on a day."""
        ended = models.Q(valid_to=None) | models.Q(valid_to__gte=day)
        return self.filter(ended, valid_from__lte=day)

    def of_today(self) -> MembershipQuerySet:
        """Those of today with the names that pages show."""
        return self.on(moments.today()).select_related("organization", "place")


def _refuse_clashing_roles() -> pgtrigger.Trigger:
    """The trigger that refuses two clashing roles of one person on one day, also by raw SQL."""
    pairs = ", ".join(
        f"('{one}', '{other}'), ('{other}', '{one}')"
        for one, other in sorted(sorted(str(role.value) for role in pair) for pair in PAIRS)
    )
    return pgtrigger.Trigger(
        name="duties_that_never_meet",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func="""
            IF EXISTS (
                SELECT 1 FROM organizations_membership m
                WHERE m.user_id = NEW.user_id AND m.id IS DISTINCT FROM NEW.id
                    AND (m.role, NEW.role) IN (PAIRS)
                    AND daterange(m.valid_from, m.valid_to, '[]')
                        && daterange(NEW.valid_from, NEW.valid_to, '[]')
            ) THEN
                RAISE EXCEPTION 'organizations.Membership: % clashes with another duty', NEW.role
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """.replace("PAIRS", pairs),
    )


#: What is said of a role without its scope.
NEEDS_A_PLACE = _("这个身份要写明镇街或村（社区）。")
NEEDS_AN_ORGANIZATION = _("这个身份要写明机构。")


class Membership(models.Model):
    """One person in one role, for an organization or at a place, between two days."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(_("身份"), max_length=20, choices=Role.choices)
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True)
    valid_from = models.DateField(_("自"), default=moments.today)
    valid_to = models.DateField(_("至"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "organization", "place", "valid_from"],
                name="membership_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=~models.Q(role__in=AT_A_PLACE) | models.Q(place__isnull=False),
                name="membership_at_a_place",
                violation_error_message=NEEDS_A_PLACE,
            ),
            models.CheckConstraint(
                condition=~models.Q(role__in=OF_AN_ORGANIZATION) | models.Q(organization__isnull=False),
                name="membership_of_an_organization",
                violation_error_message=NEEDS_AN_ORGANIZATION,
            ),
        ]
        triggers = [_refuse_clashing_roles()]

    def clean(self) -> None:
        """Raise ``ValidationError`` at the place or organization that the role needs and does not have, and
        for a role that clashes with another of the person.
        """
        if self.role in AT_A_PLACE and self.place_id is None:
            raise ValidationError({"place": NEEDS_A_PLACE})
        if self.role in OF_AN_ORGANIZATION and self.organization_id is None:
            raise ValidationError({"organization": NEEDS_AN_ORGANIZATION})
        others = Membership.objects.filter(user_id=self.user_id).exclude(pk=self.pk)
        try:
            incompatible.require_compatible(others, self.role, self.valid_from, self.valid_to)
        except Invalid as refusal:
            raise ValidationError(str(refusal.message)) from refusal

    def __str__(self) -> str:
        where = self.organization or self.place or ""
        return f"{self.get_role_display()} {where}"

    def actor(self, *, request_id: str = "", address: str = "") -> Actor:
        """The actor of this membership."""
        return Actor(
            role=Role(self.role),
            user_id=self.user_id,
            name=self.user.full_name,
            organization_id=self.organization_id,
            organization_name=self.organization.name if self.organization else "",
            place_id=self.place_id,
            request_id=request_id,
            address=address,
        )


class ConflictKind(models.TextChoices):
    """The reason of a conflict of interest."""

    EMPLOYMENT = "employment", _("三年内任职")
    SHAREHOLDING = "shareholding", _("持股或任董事、理事")
    KIN = "kin", _("近亲属")
    CONTRACT = "contract", _("正在履行的合同")
    DECLARED = "declared", _("本人声明")


class ConflictOfInterest(models.Model):
    """A declared conflict of interest; valid until ``until``, or without end."""

    person = models.ForeignKey(User, models.CASCADE, related_name="ties")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="ties")
    kind = models.CharField(_("关系"), max_length=14, choices=ConflictKind.choices)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    since = models.DateField(_("自"), default=moments.today)
    until = models.DateField(_("至"), null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["person", "organization", "kind"], name="tie_once_of_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.organization} ({self.get_kind_display()})"
