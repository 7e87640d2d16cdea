"""Counting the effect of an edition in the background, and what is known of it (S25).

A result holds for one content of the edition, which its ``revision`` names. Whoever approves needs the
result of exactly what is published. Once another edition is in force to compare with, it is counted anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.comparisons import comparing
from catalog.comparisons.comparing import Difference
from catalog.editions import effects
from catalog.editions.effects import Effect, Kind, Touched
from catalog.editions.models import Edition, EditionEffect
from catalog.editions.states import EditionStatus, EffectStatus
from foundation import moments
from foundation.advisory_locks import held_alone
from foundation.isolation import apart
from foundation.lifecycle.phases import ASKED
from foundation.refusals import NotNow, Refused
from foundation.scheduling.stalled import queue_once
from foundation.work_items import settling

#: The time without progress after which no worker is counting any more.
STILL = timedelta(minutes=5)


#: How often the worker begins one content before it counts as failed.
MOST_TRIES = 3


#: The states of editions whose effect the worker keeps counted without being asked.
LOOKED_AT = EditionStatus.in_phase(ASKED)


# --- what is known ------------------------------------------------------------------------


def effect_kept(edition: Edition) -> EditionEffect | None:
    """The row of the edition's present content, in any state of progress; None where there is none."""
    of_this = EditionEffect.objects.filter(edition=edition, revision=edition.revision)
    return of_this.select_related("against").first()


def read(kept: EditionEffect, edition: Edition) -> Effect:
    """A counted effect in the reader's language, without counting anything."""
    difference = comparing.compare(kept.against, edition)
    kinds = kept.result["kinds"]
    return Effect(
        difference=difference,
        kinds=tuple(
            Kind(kind["title"], kind["count"], tuple(Touched(**row) for row in kind["rows"]))
            for kind in kinds.get(translation.get_language(), kinds[settings.LANGUAGE_CODE])
        ),
        costs=effects.costs_at(difference, kept.result["units"]),
    )


def not_counted(editions: Sequence[Edition]) -> dict[int, Refused]:
    """Why editions are not approved: the effect of their present content is not counted yet, or could not be."""
    of_them = EditionEffect.objects.filter(edition__in=editions)
    kept = {(effect.edition_id, effect.revision): effect for effect in of_them}
    found: dict[int, Refused] = {}
    for edition in editions:
        effect = kept.get((edition.pk, edition.revision))
        if effect is None or effect.waiting:
            words = gettext_lazy("发布的影响还在后台计算，算好以后再批准。")
            found[edition.pk] = NotNow(words, rule="S25")
        elif effect.failed:
            words = gettext_lazy("发布的影响计算失败，请到“发布的影响”重新计算，算好以后再批准。")
            found[edition.pk] = Refused(words, rule="S25")
    return found


# --- asking for it ------------------------------------------------------------------------


@transaction.atomic
def request(edition: Edition) -> EditionEffect:
    """Have the effect of the present content counted by the worker; raises ``Refused`` once published."""
    edition = Edition.objects.select_for_update(of=("self",), no_key=True).get(pk=edition.pk)
    if edition.published:
        raise Refused(_("这一版目录已经发布，影响以批准时算好的为准。"), rule="S25")
    kept = _begin_anew(edition)
    _queue(kept)
    return kept


def _begin_anew(edition: Edition) -> EditionEffect:
    kept, _new = EditionEffect.objects.update_or_create(
        edition=edition,
        defaults={
            "revision": edition.revision,
            "against": effects.compared_with(edition),
            "status": EffectStatus.QUEUED,
            "progress": 0,
            "fault": "",
            "tries": 0,
            "touched_at": moments.now(),
        },
    )
    settling.touch(edition)
    return kept


def _queue(kept: EditionEffect) -> None:
    # By name, since the task imports this module.
    queue_once("catalog.tasks.count_effect", lock=f"effect:{kept.edition_id}", edition_id=kept.edition_id)


def count_now(edition: Edition) -> EditionEffect:
    """Count the effect of the present content at once, for callers that cannot wait for the worker."""
    kept = _begin_anew(edition)
    _count(kept)
    kept.refresh_from_db()
    return kept


def keep_counted() -> int:
    """Have counted what is looked at and not counted, is compared with an edition that is not in force any
    more, or was left in the middle; returns how many.
    """
    asked = 0
    for edition in Edition.objects.filter(status__in=LOOKED_AT):
        with apart("edition.count_effect", edition=edition.pk):
            kept = effect_kept(edition)
            if kept is None or kept.against != effects.compared_with(edition):
                request(edition)
            elif _left_behind(kept):
                _take_up(kept)
            else:
                continue
            asked += 1
    return asked


def counts_by_itself(edition: Edition) -> bool:
    """Whether the effect is counted without being asked for, by the work of each minute."""
    return edition.status in LOOKED_AT


def _left_behind(kept: EditionEffect) -> bool:
    """Whether it has made no progress for ``STILL``; a time in the future is no progress either."""
    return kept.waiting and abs(moments.now() - kept.touched_at) > STILL


def _take_up(kept: EditionEffect) -> None:
    if kept.tries >= MOST_TRIES:
        _give_up(kept)
        return
    _row(kept).update(touched_at=moments.now())
    _queue(kept)


# --- counting -----------------------------------------------------------------------------


def count_waiting(edition_id: int) -> None:
    """Count an effect that was asked for, unless it is ready or another worker counts it."""
    with held_alone("effect", str(edition_id)) as acquired:
        kept = EditionEffect.objects.select_related("edition", "against").filter(edition=edition_id).first()
        if not acquired or kept is None or not kept.waiting:
            return
        if kept.tries >= MOST_TRIES:
            _give_up(kept)
            return
        _count(kept)


def _count(kept: EditionEffect) -> None:
    """Count, and save progress and result; a fault marks it as failed and is raised.

    What was asked for anew meanwhile, for another content, stays as it is.
    """
    _row(kept).update(tries=F("tries") + 1)
    _progress(kept, EffectStatus.COUNTING, 5)
    try:
        result = _result(kept)
    except Exception as fault:
        _row(kept).update(fault=f"{type(fault).__name__}: {fault}")
        _progress(kept, EffectStatus.FAILED, 0)
        raise
    _row(kept).update(result=result, ready_at=moments.now())
    _progress(kept, EffectStatus.READY, 100)


def _result(kept: EditionEffect) -> dict[str, Any]:
    """What is touched, in words of each language, and the units by which prices cost."""
    difference = comparing.compare(kept.against, kept.edition)
    kinds = {}
    for done, (language, _name) in enumerate(settings.LANGUAGES, start=1):
        with translation.override(language):
            kinds[language] = _touched(difference)
        _progress(kept, EffectStatus.COUNTING, 5 + 70 * done // len(settings.LANGUAGES))
    return {"kinds": kinds, "units": effects.units_of(difference)}


def _touched(difference: Difference) -> list[dict[str, Any]]:
    return [asdict(kind) for kind in effects.touched.call(difference)]


def _give_up(kept: EditionEffect) -> None:
    _row(kept).update(fault=f"given up after {kept.tries} tries")
    _progress(kept, EffectStatus.FAILED, 0)


def _progress(kept: EditionEffect, status: EffectStatus, progress: int) -> None:
    """Save status and progress (0 to 100)."""
    kept.status, kept.progress = status, progress
    _row(kept).update(status=status, progress=progress, touched_at=moments.now())
    if not kept.waiting:
        settling.touch(kept.edition)


def _row(kept: EditionEffect) -> QuerySet[EditionEffect]:
    """The row as a queryset, empty once it is for another content."""
    return EditionEffect.objects.filter(pk=kept.pk, revision=kept.revision, against=kept.against_id)
