"""Entries in the two lists, and files from which they are taken over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.forms.typed import compared
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import DROPPED, SERVING
from foundation.parties import SeenQuerySet
from foundation.refusals import Words
from organizations.bodies.models import Organization
from organizations.listings import events
from organizations.listings.kinds import ListKind
from organizations.listings.states import LISTING, LISTING_FILE, ListingFileStatus, ListingStatus
from organizations.people.models import User
from organizations.permissions import SEES_LISTING_FILES, SEES_LISTINGS


class ListingQuerySet(SeenQuerySet["Listing"]):
    def on(self, day: date | None = None) -> ListingQuerySet:
        """Those in which an organization stands on a day (today); not on the day on which it is removed."""
        on = day or moments.today()
        until = models.Q(removed_on=None) | models.Q(removed_on__gt=on)
        return self.filter(until, listed_on__lte=on).exclude(status__in=ListingStatus.in_phase(DROPPED))


class Listing(LifecycleModel):
    """An organization in one of the lists from a day on, until it is removed.

    It is named by its credit code, and need not be known here: it counts as soon as a provider has that code.
    ``source`` says where it was published. The organization stands in the list from ``listed_on`` to the day before
    ``removed_on``.
    """

    lifecycle = LISTING
    seen_by = SEES_LISTINGS
    at_a_glance = ("kind", "name", "credit_code", "listed_on", "source")

    credit_code = models.CharField(
        _("统一社会信用代码"), max_length=18, db_index=True, validators=[RegexValidator(r"^[0-9A-Z]{18}$")]
    )
    name = models.CharField(_("机构名称"), max_length=80)
    kind = models.CharField(_("名录"), max_length=16, choices=ListKind.choices)
    listed_on = models.DateField(_("列入日期"))
    source = models.CharField(_("出处"), max_length=200)
    removed_on = models.DateField(_("移出日期"), null=True, blank=True)
    status = models.CharField(
        _("状态"), max_length=20, choices=ListingStatus.choices, default=ListingStatus.LISTED
    )

    objects = ListingQuerySet.as_manager()

    class Meta:
        ordering = ("-listed_on", "-id")
        triggers = [LISTING.trigger()]
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code", "kind"],
                condition=models.Q(status__in=ListingStatus.in_phase(SERVING)),
                name="listed_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(removed_on=None) | models.Q(removed_on__gte=models.F("listed_on")),
                name="removed_after_listed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("listing", args=[self.pk])

    def case_key(self) -> str:
        return f"listing:{self.credit_code}"

    def beside(self) -> list[LifecycleModel]:
        """What waits, or stands still, because of it; who knows providers says what."""
        return [waiting for found in events.open_work.call(self) for waiting in found]


def stands_on(code: str, on: date | None = None) -> models.Subquery:
    """The list on which the organization of a credit code (a path from the row) stands on a day: the graver one;
    NULL where it stands on none.
    """
    of_it = Listing.objects.on(on).filter(credit_code=models.OuterRef(code)).order_by()
    # The graver list is the later word: "abnormal", "serious_breach".
    return models.Subquery(of_it.values("credit_code").annotate(of=models.Max("kind")).values("of"))


def is_listed(code: str, on: date | None = None) -> models.Exists:
    """Whether the organization of a credit code (a path from the row) stands on one of the lists on a day."""
    return models.Exists(Listing.objects.on(on).filter(credit_code=models.OuterRef(code)).order_by())


def kinds_of(organizations: Collection[int], on: date | None = None) -> dict[int, str]:
    """The list on which each of these organizations (keys) stands on a day (today), the graver one, in one statement;
    those that stand on none are left out.
    """
    found = Organization.objects.filter(pk__in=organizations).annotate(of=stands_on("credit_code", on))
    return dict(found.exclude(of=None).order_by().values_list("pk", "of"))


class ListingFile(LifecycleModel):
    """The rows of a file that were read and found right, before and after they are entered.

    ``rows`` are mappings with ``credit_code``, ``name``, ``kind``, ``listed_on`` and ``removed_on`` ("" for none), the
    days as ISO dates. ``done`` counts the rows that were gone through, ``refused`` tells by the number of the row why
    one was not entered. ``notes`` are on what of the file was not read (``foundation.sheets.notes``).
    """

    lifecycle = LISTING_FILE
    seen_by = SEES_LISTING_FILES
    at_a_glance = ("file_name", "source", "count", "uploaded_by", ("following_in_words", _("登记以后")))
    unjournaled = ("rows", "notes", "refused", "done")

    file_name = models.CharField(_("文件名"), max_length=120)
    source = models.CharField(_("出处"), max_length=200)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("上传的人"))
    taken_over_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("登记的人")
    )
    rows = models.JSONField(_("名录"), default=list)
    notes = models.JSONField(default=list)
    count = models.PositiveIntegerField(_("条数"))
    done = models.PositiveIntegerField(_("已登记"), default=0)
    refused = models.JSONField(_("没有登记的"), default=dict)
    status = models.CharField(
        _("状态"), max_length=20, choices=ListingFileStatus.choices, default=ListingFileStatus.READ
    )

    objects = SeenQuerySet["ListingFile"].as_manager()

    class Meta:
        ordering = ("-id",)
        triggers = [LISTING_FILE.trigger()]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("listing-file", args=[self.pk])

    @property
    def following_in_words(self) -> list[Words]:
        """What follows for the providers that the rows name, once these are entered."""
        found = [words for several in events.following.call(self.rows) for words in several]
        return found or [gettext("名录里没有本平台的承接主体会因此停接或恢复。")]

    @property
    def entered(self) -> int:
        """How many rows were entered."""
        return self.done - len(self.refused)


def otherwise_called(code: str, name: str) -> str:
    """How the organization of a credit code is called here, where a list calls it otherwise; "" for no difference."""
    known = known_here([code]).get(code, "")
    return known if known and compared(known) != compared(name) else ""


def known_here(codes: Collection[str]) -> dict[str, str]:
    """The names of the organizations that are known here, by their credit codes."""
    found = Organization.objects.filter(credit_code__in=codes).values_list("credit_code", "name")
    return {code: name for code, name in found if code}
