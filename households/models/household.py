"""Households and the people in them."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.personal_data.fields import EncryptedField, HashField
from foundation.roles import Actor, Role
from households.access import MAY_REVEAL
from organizations.models import Place, User


class Category(models.TextChoices):
    """Assistance categories (低收入人口)."""

    MINIMUM_LIVING = "minimum_living", _("最低生活保障")
    EXTREMELY_POOR = "extremely_poor", _("特困供养")
    LOW_INCOME_MARGIN = "low_income_margin", _("低保边缘")
    SPENDING_CAUSED = "spending_caused", _("支出型困难")
    TEMPORARY = "temporary", _("临时遇困")
    NONE = "none", _("暂未认定")


class HouseholdQuerySet(models.QuerySet["Household"]):
    def visible_to(self, actor: Actor) -> HouseholdQuerySet:
        """A window sees its town, an assistant the village, a household itself."""
        match actor.role:
            case Role.CIVIL_AFFAIRS | Role.AUDITOR:
                return self
            case Role.WINDOW:
                return self.filter(town_id=actor.place_id)
            case Role.ASSISTANT:
                return self.filter(place_id=actor.place_id)
            case Role.HOUSEHOLD:
                return self.filter(accounts__user_id=actor.user_id)
        return self.none()


class Household(models.Model):
    """People who live on one means, at one place."""

    number = models.CharField(_("家庭编号"), max_length=20, unique=True)
    place = models.ForeignKey(
        Place, models.PROTECT, related_name="households", verbose_name=_("村(社区)")
    )
    town = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("镇街"))
    category = models.CharField(_("救助类别"), max_length=20, choices=Category.choices)
    size = models.PositiveSmallIntegerField(_("家庭人口"))
    monthly_income = models.DecimalField(
        _("月人均收入(元)"), max_digits=9, decimal_places=2, null=True, blank=True
    )
    address = EncryptedField(kind="address", verbose_name=_("住址"), null=True, blank=True)
    phone = EncryptedField(kind="phone", verbose_name=_("联系电话"), null=True, blank=True)
    created_at = models.DateTimeField(default=moments.now)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("家庭")
        ordering = ("-id",)
        indexes = [models.Index(fields=["town", "-id"]), models.Index(fields=["place", "-id"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(size__gte=1), name="household_has_people"),
            models.CheckConstraint(
                condition=models.Q(monthly_income=None) | models.Q(monthly_income__gte=0),
                name="household_income_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("household", args=[self.number])

    def may_reveal(self, actor: Actor, field: str) -> bool:
        """Whether the role has a need to read a protected value."""
        return actor.role in MAY_REVEAL


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, actor: Actor) -> PersonQuerySet:
        """The people of households that the actor may see."""
        return self.filter(homes__household__in=Household.objects.visible_to(actor)).distinct()


class Sex(models.TextChoices):
    MALE = "M", _("男")
    FEMALE = "F", _("女")


class Person(models.Model):
    """A person; found again by the hash of the identity number."""

    name = EncryptedField(kind="name", verbose_name=_("姓名"))
    id_number = EncryptedField(kind="id_number", verbose_name=_("身份证号"), null=True, blank=True)
    id_number_hash = HashField(of="id_number")
    birth_date = models.DateField(_("出生日期"), null=True, blank=True)
    sex = models.CharField(_("性别"), max_length=1, choices=Sex.choices, blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("人")
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(
                fields=["id_number_hash"],
                condition=~models.Q(id_number_hash=""),
                name="person_once_by_id_number",
            )
        ]

    def __str__(self) -> str:
        return str(self.name)

    def may_reveal(self, actor: Actor, field: str) -> bool:
        """Whether the role has a need to read a protected value."""
        return actor.role in MAY_REVEAL


class Relation(models.TextChoices):
    HEAD = "head", _("户主")
    SPOUSE = "spouse", _("配偶")
    CHILD = "child", _("子女")
    PARENT = "parent", _("父母")
    GRANDCHILD = "grandchild", _("孙辈")
    OTHER = "other", _("其他")


class HouseholdMember(models.Model):
    """A person in a household between two days; one household at a time counts."""

    household = models.ForeignKey(Household, models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="homes")
    relation = models.CharField(_("与户主关系"), max_length=12, choices=Relation.choices)
    valid_from = models.DateField(default=moments.today)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(valid_to=None), name="one_home_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_relation_display()}"


class HouseholdAccount(models.Model):
    """The account with which a household looks at its own case."""

    household = models.ForeignKey(Household, models.CASCADE, related_name="accounts")
    user = models.OneToOneField(User, models.CASCADE, related_name="household_account")

    def __str__(self) -> str:
        return f"{self.household}"
