"""People who sign in, their roles at organizations and places, and their conflicts of interest."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as AccountManager
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.lifecycle.models import LifecycleModel
from foundation.parties import SeenQuerySet
from foundation.personal_data.fields import EncryptedField
from foundation.refusals import Invalid
from foundation.roles import AT_A_PLACE, OF_AN_ORGANIZATION, Actor, Role
from foundation.rules import reading
from organizations.bodies.models import Organization
from organizations.people import events, incompatible, scopes
from organizations.people.states import MEMBERSHIP, MembershipStatus
from organizations.people.triggers import refuse_another_place, refuse_clashing_roles
from organizations.permissions import SEES_MEMBERSHIPS, SEES_PEOPLE
from organizations.places.models import Place
from organizations.signing_in.gate import WITH_MEMBERSHIPS

#: The salt of what sessions bear.
SESSIONS = "organizations.people.sessions"


class UserManager(AccountManager["User"]):
    """Accounts, with ``visible_to``."""

    def get_queryset(self) -> SeenQuerySet[User]:
        return SeenQuerySet(self.model, using=self._db)

    def named(self, username: str) -> SeenQuerySet[User]:
        """The account of a user name, in whichever case it is written; nobody's differs from another's by case alone."""
        return self.get_queryset().filter(username__iexact=username)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.named(username or "").get()

    def visible_to(self, actor: Actor) -> SeenQuerySet[User]:
        """The accounts that somebody may see."""
        return self.get_queryset().visible_to(actor)


class User(AbstractUser):
    """A person's account. What it may do depends on its memberships.

    ``private`` is the account of a household. ``generation`` counts how often all its sessions and tokens were ended
    at once: they bear its mark, as that of the password.
    """

    seen_by = SEES_PEOPLE

    first_name = None  # type: ignore[assignment]  # full_name holds the whole name
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(_("姓名"), max_length=40)
    phone = EncryptedField(kind="phone", verbose_name=_("手机"), null=True, blank=True)
    private = models.BooleanField(_("家庭账号"), default=False)
    generation = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    class Meta(AbstractUser.Meta):
        constraints = [models.UniqueConstraint(Upper("username"), name="user_name_once_in_any_case")]

    REQUIRED_FIELDS = ["full_name"]

    #: The memberships of today, where they were fetched with the person.
    held_today: list[Membership] | None = None

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        return reverse("person", args=[self.pk])

    @property
    def on_the_staff(self) -> bool:
        """Whether it is no account of a household."""
        return not self.private

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What sessions bear: it changes with the password, and whenever all that is open is ended."""
        known = f"{self.password}{self.generation}"
        return salted_hmac(SESSIONS, known, secret=secret, algorithm="sha256").hexdigest()


class MembershipQuerySet(SeenQuerySet["Membership"]):
    def on(self, day: date) -> MembershipQuerySet:
        """Those that are valid on a day; one that was ended is so no more on its last day, one in an emergency after
        its moment.
        """
        later = models.Q(valid_to=None) | models.Q(valid_to__gt=day)
        last = models.Q(valid_to=day, status__in=MembershipStatus.unfinished())
        return self.filter(later | last, _still(), valid_from__lte=day)

    def of_today(self) -> MembershipQuerySet:
        """Those of today with the names that pages show, and with the rules of signing in (``gate``)."""
        rules = {name: reading.value_in_force(key) for name, key in WITH_MEMBERSHIPS.items()}
        return self.on(moments.today()).select_related("organization", "place").annotate(**rules)

    def from_today(self) -> MembershipQuerySet:
        """Those that are valid today or on a later day."""
        today = moments.today()
        last = models.Q(valid_to=None) | models.Q(valid_to__gte=today)
        return self.filter(last, _still(), status__in=MembershipStatus.unfinished())


def _still() -> models.Q:
    """Of memberships in an emergency those whose moment has not come."""
    return models.Q(until=None) | models.Q(until__gt=moments.now())


#: What is said of a role without its scope.
NEEDS_A_PLACE = _("这个身份要写明镇街或村（社区）。")
NEEDS_AN_ORGANIZATION = _("这个身份要写明机构。")


class Membership(LifecycleModel):
    """One person in one role, for an organization or at a place, between two days.

    ``alongside`` are the other roles of the person that it may meet by leave, and by that alone: of a
    ``dispensation``, or of an ``emergency``, in which it counts ``until`` a moment only. ``last_day_told_of`` is the
    last day of which was told, ``last_day_told_at`` so many days before it.
    """

    lifecycle = MEMBERSHIP
    seen_by = SEES_MEMBERSHIPS
    at_a_glance = ("user", "role", "organization", "place", "valid_from", "valid_to", "until")
    worklist_joins = ("user", "organization", "place")

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("本人"))
    role = models.CharField(_("身份"), max_length=20, choices=Role.choices)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, verbose_name=_("机构")
    )
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, verbose_name=_("地点"))
    valid_from = models.DateField(_("自"), default=moments.today)
    valid_to = models.DateField(_("至"), null=True, blank=True)
    dispensation = models.ForeignKey(
        "organizations.Dispensation", models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    emergency = models.ForeignKey(
        "organizations.EmergencyAccess", models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    until = models.DateTimeField(_("到时"), null=True, blank=True, editable=False)
    alongside = ArrayField(
        models.CharField(max_length=20, choices=Role.choices), default=list, blank=True, editable=False
    )
    last_day_told_of = models.DateField(null=True, blank=True, editable=False)
    last_day_told_at = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    status = models.CharField(
        _("状态"), max_length=20, choices=MembershipStatus.choices, default=MembershipStatus.HELD
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "organization", "place", "valid_from"],
                condition=models.Q(status__in=MembershipStatus.unfinished()),
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
            models.CheckConstraint(
                condition=models.Q(emergency=None, until=None)
                | models.Q(emergency__isnull=False, until__isnull=False),
                name="membership_in_an_emergency",
            ),
        ]
        triggers = [MEMBERSHIP.trigger(), refuse_clashing_roles(), refuse_another_place()]

    def clean(self) -> None:
        """Raise ``ValidationError`` at the place or organization that the role needs and does not have, or that does
        not fit it, and for a role that clashes with another of the person.
        """
        if faults := scopes.faults_of(self.role, self.organization, self.place):
            raise ValidationError(dict(faults))
        others = Membership.objects.filter(user_id=self.user_id).exclude(pk=self.pk)
        try:
            incompatible.require_compatible(
                others, self.role, self.valid_from, self.valid_to, alongside=self.alongside
            )
        except Invalid as refusal:
            raise ValidationError(str(refusal.message)) from refusal

    def __str__(self) -> str:
        where = self.organization or self.place or ""
        return f"{self.get_role_display()} {where}".strip()

    @property
    def in_full(self) -> str:
        """The role, the organization and the place."""
        return " · ".join(map(str, filter(None, (self.get_role_display(), self.organization, self.place))))

    def get_absolute_url(self) -> str:
        return reverse("membership", args=[self.pk])

    def row_title(self) -> str:
        return f"{self.user.full_name} · {self}"

    @property
    def with_leave(self) -> bool:
        """Whether a second person has allowed it, so that it may stand beside what it else must not."""
        return self.dispensation_id is not None or self.emergency_id is not None

    @property
    def over(self) -> bool:
        """Whether it counts no more from today on, or from its moment."""
        last, until = self.valid_to, self.until
        return (
            self.status not in MembershipStatus.unfinished()
            or (last is not None and last < moments.today())
            or (until is not None and until <= moments.now())
        )

    @property
    def left_behind(self) -> bool:
        """Whether the person, who holds it no more, has left what a colleague may carry on, and does not hold the same
        seat by another membership.
        """
        if not self.over:
            return False
        carried = (one for said in events.carried.call(self) for one in said)
        if not any(one.passes and one.count for one in carried):
            return False
        seat = {"role": self.role, "organization": self.organization_id, "place": self.place_id}
        return not self.user.memberships.on(moments.today()).filter(**seat).exists()

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
            emergency_id=self.emergency_id,
            emergency_until=self.until,
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

    person = models.ForeignKey(User, models.CASCADE, related_name="conflicts_of_interest")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="conflicts_of_interest")
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
