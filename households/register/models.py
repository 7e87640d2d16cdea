"""Households, the people in them, and their accounts."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.lifecycle.models import LifecycleModel
from foundation.parties import SeenQuerySet
from foundation.personal_data.disclosing import Disclosing, Telling
from foundation.personal_data.fields import EncryptedField, HashField
from foundation.remembering import Remembered
from foundation.roles import CLOSE_TO_A_HOME, REVEALS, Actor
from households.permissions import SEES_HOUSEHOLDS, SEES_PEOPLE
from households.register import events
from households.register.states import HOUSEHOLD, HouseholdStatus
from organizations.bodies.models import Organization
from organizations.people.models import User
from organizations.places.models import Place

#: The heads of households, by primary key, while a page is made that only reads.
_heads: Remembered[dict[int, HouseholdMember | None]] = Remembered("heads", dict)

#: Under this age a guardian consents, and stricter rules apply (PIPL article 31).
CHILD_UNDER = 14


#: The age of majority (Civil Code, article 17).
ADULT_FROM = 18


class Category(models.TextChoices):
    """Assistance categories (低收入人口)."""

    MINIMUM_LIVING = "minimum_living", _("最低生活保障")
    EXTREMELY_POOR = "extremely_poor", _("特困供养")
    LOW_INCOME_MARGIN = "low_income_margin", _("低保边缘")
    SPENDING_CAUSED = "spending_caused", _("支出型困难")
    TEMPORARY = "temporary", _("临时遇困")
    NONE = "none", _("暂未认定")


class Language(models.TextChoices):
    """The language in which a household can be helped."""

    MANDARIN = "mandarin", _("普通话")
    DIALECT = "dialect", _("本地话")
    SIGN = "sign", _("手语")


class Disability(models.TextChoices):
    """What a person's disability certificate says."""

    UNKNOWN = "", _("没有问过")
    NONE = "none", _("没有残疾人证")
    CERTIFIED = "certified", _("持残疾人证")
    SEVERE = "severe", _("一级、二级残疾")


class Registration(models.TextChoices):
    """Where the household is registered (户籍)."""

    UNKNOWN = "", _("没有问过")
    REGISTERED = "registered", _("本市户籍")
    ELSEWHERE = "elsewhere", _("外地户籍，在本市居住")


class Household(Disclosing, LifecycleModel):
    """People who live together on one income, at one place. ``monthly_income`` is CNY a person.

    ``verified`` is false while no window has seen a document, and everything is only what somebody
    said (online, by telephone, in a report). ``phone_changed_at`` is when a worker last changed the
    phone; ``phone_doubted`` is true after somebody left, until a window has checked whose phone it is.
    """

    lifecycle = HOUSEHOLD
    seen_by = SEES_HOUSEHOLDS
    at_a_glance = ("town", "category", "size")
    reasons_as = "reason"

    number = models.CharField(_("家庭编号"), max_length=20, unique=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="households", verbose_name=_("村（社区）"))
    town = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("镇街"))
    category = models.CharField(_("救助类别"), max_length=20, choices=Category.choices)
    size = models.PositiveSmallIntegerField(_("家庭人口"))
    monthly_income = models.DecimalField(
        _("月人均收入（元）"), max_digits=9, decimal_places=2, null=True, blank=True
    )
    address = EncryptedField(kind="address", verbose_name=_("住址"), null=True, blank=True)
    address_hash = HashField(of="address", db_index=True)
    phone = EncryptedField(kind="phone", verbose_name=_("联系电话"), null=True, blank=True)
    language = models.CharField(
        _("沟通语言"), max_length=12, choices=Language.choices, default=Language.MANDARIN
    )
    registration = models.CharField(_("户籍"), max_length=12, choices=Registration.choices, blank=True)
    verified = models.BooleanField(_("已核对证件"), default=True, db_default=True)
    phone_changed_at = models.DateTimeField(_("电话更改时间"), null=True, editable=False)
    phone_doubted = models.BooleanField(_("电话待核对"), default=False, db_default=False, editable=False)
    status = models.CharField(
        _("状态"), max_length=20, choices=HouseholdStatus.choices, default=HouseholdStatus.KNOWN
    )

    objects = SeenQuerySet["Household"].as_manager()

    class Meta:
        verbose_name = _("家庭")
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["town", "-id"]),
            models.Index(fields=["place", "-id"]),
            models.Index(fields=["status", "-id"]),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(size__gte=1), name="household_has_people"),
            models.CheckConstraint(
                condition=models.Q(monthly_income=None) | models.Q(monthly_income__gte=0),
                name="household_income_not_negative",
            ),
        ]
        triggers = [HOUSEHOLD.trigger()]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("household", args=[self.number])

    def beside(self) -> list[LifecycleModel]:
        """What waits for somebody about it: people, place and accounts say what it shows, and to whom."""
        return [waiting for found in events.open_work.call(self) for waiting in found]

    @property
    def known(self) -> bool:
        """Whether it is in the register: neither closed nor merged into another."""
        return not HouseholdStatus(self.status).over

    def may_reveal(self, actor: Actor, field: str) -> bool:
        """Whether the role may reveal a protected value."""
        return actor.role in REVEALS

    def discloses(self, field: str, reader: Actor) -> Telling:
        """The reasons of actions on it.

        Plain to those in charge and the household, after a reason to oversight, never to a grid worker.
        """
        if reader.overseeing:
            return Telling.REASON
        return Telling.PLAIN if reader.role in CLOSE_TO_A_HOME else Telling.NEVER

    def is_home_of(self, person: Person | None) -> bool:
        """Whether a person (None: the household as a whole) has not left the household.

        The dead have not left, nor has a guardian who never was a member.
        """
        ever = list(self.members.filter(person=person)) if person is not None else []
        left = [member for member in ever if member.valid_to and member.left_for != Leaving.DIED]
        return not left or any(member.valid_to is None for member in ever)

    @property
    def has_people(self) -> bool:
        """Whether anybody lives in it now."""
        return self.members.filter(valid_to=None).exists()

    @property
    def head(self) -> HouseholdMember | None:
        """The first present member."""
        present = self.members.select_related("person").filter(valid_to=None)
        return _heads.of_each([self.pk], lambda _pks: {self.pk: present.first()})[self.pk]


class Sex(models.TextChoices):
    """The sex by the identity number."""

    MALE = "M", _("男")
    FEMALE = "F", _("女")


class Person(models.Model):
    """A person, found by the keyed hash of the identity number.

    ``claimed_number`` is the number that somebody stated before a window has seen a document; nobody is
    found by it.
    """

    seen_by = SEES_PEOPLE

    name = EncryptedField(kind="name", verbose_name=_("姓名"))
    claimed_number = EncryptedField(kind="id_number", verbose_name=_("自述的证件号"), null=True, blank=True)
    id_number = EncryptedField(kind="id_number", verbose_name=_("身份证号"), null=True, blank=True)
    id_number_hash = HashField(of="id_number")
    birth_date = models.DateField(_("出生日期"), null=True, blank=True)
    sex = models.CharField(_("性别"), max_length=1, choices=Sex.choices, blank=True)
    disability = models.CharField(_("残疾"), max_length=12, choices=Disability.choices, blank=True)
    died_on = models.DateField(_("去世日期"), null=True, blank=True)
    guardian = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="wards", verbose_name=_("监护人")
    )
    guardian_body = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("代行监护的组织"),
    )

    objects = SeenQuerySet["Person"].as_manager()

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
        """Whether the role may reveal a protected value."""
        return actor.role in REVEALS

    def age(self) -> int | None:
        """Full years today; None if the birth date is not known."""
        if self.birth_date is None:
            return None
        today, born = moments.today(), self.birth_date
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))

    @property
    def is_child(self) -> bool:
        """Under 14, for whom stricter rules apply."""
        age = self.age()
        return age is not None and age < CHILD_UNDER

    @property
    def is_minor(self) -> bool:
        """Under 18."""
        age = self.age()
        return age is not None and age < ADULT_FROM

    @property
    def guarded_by(self) -> str:
        """The guardian of a minor, masked, or the body that stands in for one; "" if there is none."""
        return str(self.guardian or self.guardian_body or "")


class Relation(models.TextChoices):
    """The relation to the head of the household."""

    HEAD = "head", _("户主")
    SPOUSE = "spouse", _("配偶")
    CHILD = "child", _("子女")
    PARENT = "parent", _("父母")
    GRANDCHILD = "grandchild", _("孙辈")
    OTHER = "other", _("其他")


class Leaving(models.TextChoices):
    """Why a membership ended."""

    DIED = "died", _("去世")
    MOVED = "moved", _("搬走")
    MARRIED = "married", _("婚嫁")
    SPLIT = "split", _("分户")
    MISTAKE = "mistake", _("登记有误")


class HouseholdMember(models.Model):
    """A person in a household between two days.

    Each person ``counts`` in one household at a time, for income and size. A second home (shared
    custody, care in turn) is dated as well and does not count.
    """

    household = models.ForeignKey(Household, models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="homes")
    relation = models.CharField(_("与户主关系"), max_length=12, choices=Relation.choices)
    counts = models.BooleanField(_("计入本户"), default=True)
    valid_from = models.DateField(_("自"), default=moments.today)
    valid_to = models.DateField(_("至"), null=True, blank=True)
    left_for = models.CharField(_("离开原因"), max_length=10, choices=Leaving.choices, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(valid_to=None, counts=True), name="one_home_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["person", "household"],
                condition=models.Q(valid_to=None),
                name="member_once_in_a_household",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_relation_display()}"


def has_left(household: str, person: str, *, before: str = "") -> models.Q:
    """The condition, in a query, that the person of one column has left the household of another.

    ``before`` names a column of days: then, that the person had left by that day. The dead have not
    left.
    """
    ever = HouseholdMember.objects.filter(
        household=models.OuterRef(household), person=models.OuterRef(person)
    )
    ended = ever.exclude(valid_to=None).exclude(left_for=Leaving.DIED)
    if before:
        ended = ended.filter(valid_to__lt=models.OuterRef(before))
    return models.Q(models.Exists(ended)) & ~models.Q(models.Exists(ever.filter(valid_to=None)))


class HouseholdAccount(models.Model):
    """The account with which a household sees its own case.

    ``phone_hash`` is the proved phone of an unverified household: with it the applicant gets back to
    that application, and to nothing else.
    """

    household = models.ForeignKey(Household, models.CASCADE, related_name="accounts")
    phone_hash = models.CharField(max_length=64, blank=True, db_default="", db_index=True, editable=False)
    user = models.OneToOneField(User, models.CASCADE, related_name="household_account")

    def __str__(self) -> str:
        return f"{self.household}"
