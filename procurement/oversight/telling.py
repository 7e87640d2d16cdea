"""Red flags in words: a sentence about each, and its facts, in the language of the reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.refusals import Words
from foundation.wording import day, figure, labelled, money
from procurement.oversight.evidence import published_or_planned
from procurement.oversight.models import FlagFact, RedFlag, Telling


@dataclass(frozen=True)
class Evidence:
    """One fact behind a flag in words, and the address of its page."""

    words: str
    address: str


@dataclass(frozen=True)
class ToldFlag:
    """A flag with its sentence and its first facts in words."""

    flag: RedFlag
    words: str
    evidence: list[Evidence]

    @property
    def unlisted(self) -> int:
        """How many facts it has beyond these."""
        return self.flag.extent - len(self.evidence)


#: The sentence of each code; in which order codes are shown is said by ``evidence.CODES``.
SENTENCES: dict[str, Words] = {
    "R003": _("“%(title)s”从公告到截止只有 %(days)s 天。"),
    "R018": _("“%(title)s”只有 %(count)s 家投标。"),
    "R024": _("“%(title)s”有报价与成交价几乎相同。"),
    "R028": _("“%(title)s”有 %(count)s 家报价都是 %(price)s 元。"),
    "R035": _("“%(title)s”除成交的一家外，%(count)s 家都被判无效。"),
    "R036": _("“%(title)s”的最低报价被判无效。"),
    "LD01": _("%(code)s 分 %(count)s 次采购，每次不足 %(limit)s 元，合计 %(sum)s 元。"),
    "LD02": _("%(code)s 的 %(all)s 次采购，“%(name)s”成交 %(count)s 次。"),
    "LD03": _("“%(title)s”成交价 %(price)s 元，最高限价 %(amount)s 元。"),
    "LD04": _("“%(title)s”签约 %(days)s 天后增加 %(added)s 元（%(percent)s%%）。"),
    "LD05": _("“%(title)s”（%(amount)s 元，%(method)s）没有对应的采购项目。"),
    "LD06": _("“%(title)s”评审中由采购人更换了 %(count)s 位专家。"),
    "LD07": _("%(title)s，至%(until)s。"),
}

#: How a figure of a sentence is written, where not as it is.
WRITTEN: dict[str, Callable[[Any], str]] = {
    "added": money,
    "amount": money,
    "limit": figure,
    "price": money,
    "sum": money,
    "until": lambda value: day(date.fromisoformat(value)),
}


def told(flag: RedFlag) -> ToldFlag:
    """A flag in words."""
    return ToldFlag(flag, sentence(flag), [evidence(fact) for fact in flag.first_facts])


def sentence(flag: RedFlag) -> str:
    """What was found, in a sentence."""
    figures = {name: WRITTEN.get(name, str)(value) for name, value in flag.figures.items()}
    return str(SENTENCES[flag.code]) % {**_names(flag.first_facts[0]), **figures}


def _names(fact: FlagFact) -> dict[str, str]:
    """What a sentence calls the object of its first fact."""
    if fact.provider:
        return {"name": str(fact.provider)}
    if fact.project:
        return {"title": fact.project.title}
    if fact.dispensation:
        return {"title": str(fact.dispensation)}
    contract = fact.amendment.contract if fact.amendment else fact.contract
    return {"title": contract.title, "method": contract.get_method_display()} if contract else {}


def evidence(fact: FlagFact) -> Evidence:
    """A fact in words, with the address of its page."""
    return Evidence(_TOLD[Telling(fact.telling)](fact.about), fact.about.get_absolute_url())


def _name(about: Any) -> str:
    """A purchase or a contract by its number and title, a provider or a dispensation by its name."""
    return f"{about.number} {about.title}" if hasattr(about, "title") else str(about)


def _dated(project: Any) -> str:
    """A purchase with day and amount (CNY)."""
    return f"{day(published_or_planned(project))} {project.title} {money(project.amount)}"


def _price(bid: Any) -> str:
    """A bid and its price."""
    return gettext("%(name)s 报价 %(price)s 元") % {"name": bid.provider, "price": money(bid.price)}


def _reason(bid: Any) -> str:
    """A rejected bid and the reason."""
    return labelled(bid.provider, bid.why)


def _provider(contract: Any) -> str:
    """A contract and whose it is."""
    return f"{contract.number} {contract.provider}"


_TOLD: dict[Telling, Callable[[Any], str]] = {
    Telling.NAME: _name,
    Telling.DAY: _dated,
    Telling.PRICE: _price,
    Telling.REASON: _reason,
    Telling.PROVIDER: _provider,
    Telling.WHY: lambda about: str(about.why),
}
