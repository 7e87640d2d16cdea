"""Tags for the shapes that pages repeat; their markup stands in ``templates/components/``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.db.models import Model
from django.forms.utils import flatatt
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide

from foundation.deadlines import wording
from foundation.ui.tabs import Tab

register = template.Library()

#: Blanks beside a full-width mark, which brings its own.
BLANKS = re.compile(r"\s*([\u3001\u3002\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f])\s*")


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, size: int = 16) -> SafeString:
    """An icon as SVG, ``size`` pixels wide, drawn once a process; screen readers pass over it."""
    return SafeString(lucide(name, size=size, aria_hidden="true"))


@register.simple_block_tag
def card(content: SafeString, title: str = "", kind: str = "", **attributes: str) -> SafeString:
    """A section on a sheet of its own, with a heading if it has a title.

    ``kind`` is a further CSS class; other attributes are those of the element (``aria_label`` is
    ``aria-label``).
    """
    return _drawn("card", content=content, title=title, kind=kind, attributes=_written(attributes))


@register.simple_block_tag
def badge(content: SafeString, tone: str, icon: str = "") -> SafeString:
    """Words set off by a tone (done, soon, late, calm), with an icon if one is named."""
    return _drawn("chip", words=SafeString(content.strip()), tone=tone, icon=icon)


@register.simple_block_tag
def hint(content: SafeString, tone: str, icon: str = "", size: int = 16, **attributes: str) -> SafeString:
    """A line that one should not miss, in a tone, with an icon if one is named."""
    words = SafeString(content.strip())
    return _drawn("hint", words=words, tone=tone, icon=icon, size=size, attributes=_written(attributes))


@register.simple_block_tag
def sentences(content: SafeString) -> SafeString:
    """Sentences one behind another: in Chinese no blank stands between them, in English one does."""
    return SafeString(BLANKS.sub(r"\1", content.strip()))


@register.simple_tag
def crumb(to: Any, words: Any, icon: str = "arrow-left") -> SafeString:
    """The way back: to an object, a named address or an address, in the words of where it leads."""
    return _drawn("crumb", address=resolve_url(to), words=words, icon=icon)


@register.simple_tag
def empty_state(words: Any, icon: str = "", role: str = "") -> SafeString:
    """What a list says that has nothing to show."""
    return _drawn("empty_state", words=words, icon=icon, role=role)


@register.simple_tag
def time_left(due: datetime, icon: str = "") -> SafeString:
    """How much time is left until then, in words and in the tone of its urgency."""
    return _drawn("time_left", words=wording.left(due), tone=wording.urgency(due), icon=icon)


@register.inclusion_tag("components/section_tabs.html")
def tabs(tabs: Iterable[Tab], label: str) -> dict[str, Any]:
    """Links beside each other, one of which is where one stands; ``label`` says what they choose."""
    return {"tabs": tabs, "label": label}


@register.inclusion_tag("components/make_document.html")
def make_document(kind: str, subject: Model, words: str, icon: str = "file-text") -> dict[str, Any]:
    """The button that has a document of that kind made of an object."""
    return {"kind": kind, "subject": subject, "label": subject._meta.label, "words": words, "icon": icon}


@register.simple_tag
def secret(subject: Model | None, field: str) -> SafeString:
    """A personal value of somebody, masked, with the form by which it is asked for whole."""
    if subject is None:
        return SafeString("")
    label, masked = subject._meta.label, getattr(subject, field)
    return _drawn("secret", masked=masked, label=label, pk=subject.pk, field=field)


def _written(attributes: dict[str, str]) -> SafeString:
    """Attributes of an element as HTML; ``aria_label`` is ``aria-label``."""
    return flatatt({name.replace("_", "-"): value for name, value in attributes.items()})


def _drawn(component: str, **shown: Any) -> SafeString:
    """A component without the end of its file's last line, which would show as a space."""
    return SafeString(render_to_string(f"components/{component}.html", shown).strip())
