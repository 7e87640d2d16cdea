"""The city in which the product runs: one row."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from foundation.city.states import CITY, SEES_THE_CITY, CityStatus
from foundation.lifecycle.models import LifecycleModel
from foundation.parties import SeenQuerySet

#: What it is called before its name is known.
UNNAMED = gettext_lazy("新的城市")

#: Large parts of the row, which pages do not need.
LARGE = ("document_parts", "logo")


class City(LifecycleModel):
    """The city, its office, how it is reached, and the document that it carries out.

    ``division_code`` is that of GB/T 2260 (6 digits). ``document_parts`` is the text of the document in reading order
    (``clauses.opinion.Part``), ``document_digest`` marks what was read of it. ``demonstration`` says that everything is
    invented.
    """

    lifecycle = CITY
    seen_by = SEES_THE_CITY
    at_a_glance = (
        "name",
        "province",
        "division_code",
        "office",
        "hotline",
        "document_title",
        "document_number",
    )
    unjournaled = LARGE
    first_names = (UNNAMED,)

    name = models.CharField(gettext_lazy("城市名称"), max_length=20, blank=True)
    name_en = models.CharField(gettext_lazy("英文名称"), max_length=40, blank=True)
    province = models.CharField(gettext_lazy("所在的省"), max_length=20, blank=True)
    division_code = models.CharField(
        gettext_lazy("行政区划代码"),
        max_length=6,
        blank=True,
        validators=[RegexValidator(r"^[1-9][0-9]{5}$")],
    )
    postcode = models.CharField(
        gettext_lazy("邮政编码"), max_length=6, blank=True, validators=[RegexValidator(r"^[0-9]{6}$")]
    )
    office = models.CharField(gettext_lazy("主管单位"), max_length=40, blank=True)
    office_en = models.CharField(gettext_lazy("主管单位的英文名称"), max_length=80, blank=True)
    hotline = models.CharField(gettext_lazy("救助热线"), max_length=30, blank=True)
    publisher = models.CharField(gettext_lazy("数据的发布单位"), max_length=60, blank=True)
    publisher_uri = models.URLField(gettext_lazy("发布单位的网址"), max_length=200, blank=True)
    document_title = models.CharField(gettext_lazy("文件名称"), max_length=80, blank=True)
    document_called = models.CharField(gettext_lazy("引用时的简称"), max_length=20, blank=True)
    document_called_en = models.CharField(gettext_lazy("简称的英文"), max_length=40, blank=True)
    document_number = models.CharField(gettext_lazy("文号"), max_length=40, blank=True)
    document_issuer = models.CharField(gettext_lazy("发文单位"), max_length=40, blank=True)
    document_issued_on = models.DateField(gettext_lazy("发文日期"), null=True, blank=True)
    document_parts = models.JSONField(gettext_lazy("条文"), default=list, blank=True)
    document_digest = models.CharField(max_length=64, blank=True, editable=False)
    logo = models.BinaryField(gettext_lazy("标志"), null=True, blank=True, editable=True)
    logo_digest = models.CharField(max_length=64, blank=True, editable=False)
    demonstration = models.BooleanField(gettext_lazy("演示"), default=False, editable=False)
    only = models.BooleanField(default=True, editable=False)
    status = models.CharField(
        gettext_lazy("状态"), max_length=20, choices=CityStatus.choices, default=CityStatus.SETTING_UP
    )

    objects = SeenQuerySet["City"].as_manager()

    class Meta:
        verbose_name_plural = "cities"
        triggers = [CITY.trigger()]
        constraints = [
            models.UniqueConstraint(fields=["only"], name="city_once"),
            models.CheckConstraint(condition=models.Q(only=True), name="city_only"),
        ]

    def __str__(self) -> str:
        return self.called or str(UNNAMED)

    def get_absolute_url(self) -> str:
        return reverse("city", args=[self.pk])

    def row_title(self) -> str:
        return _("设立平台")

    @property
    def called(self) -> str:
        """Its name in the reader's language; "" before it is known."""
        return self._local("name")

    @property
    def at_work(self) -> bool:
        """Whether its setting up is over."""
        return CityStatus(self.status).over

    @property
    def office_called(self) -> str:
        """The name of its office in the reader's language; "" before it is known."""
        return self._local("office")

    @property
    def service(self) -> str:
        """What the product is called here."""
        if not self.called:
            return _("社会救助服务")
        return _("%(city)s社会救助服务") % {"city": self.called}

    @property
    def hotline_called(self) -> str:
        """The hotline within a sentence: with its number once that is known."""
        return _("救助热线 %(number)s") % {"number": self.hotline} if self.hotline else _("救助热线")

    @property
    def hotline_dialed(self) -> str:
        """Its number as a telephone dials it, digits alone."""
        return "".join(filter(str.isdigit, self.hotline))

    @property
    def publishes(self) -> str:
        """Who publishes the open data: as it was entered, else the office."""
        return self.publisher or self.office

    @property
    def document_cited(self) -> str:
        """The document by title and number, as other documents cite it; "" where none is named."""
        if not self.document_title:
            return ""
        number = f"（{self.document_number}）" if self.document_number else ""
        return f"《{self.document_title}》{number}"

    def _local(self, field: str) -> str:
        """A field in the reader's language; the Chinese one where there is no English."""
        english = (get_language() or "").startswith("en")
        found: str = (english and getattr(self, f"{field}_en")) or getattr(self, field)
        return found
