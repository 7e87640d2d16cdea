"""Template tags of components; their markup is in ``templates/components/``."""

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
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from lucide.templatetags.lucide import lucide

from foundation.deadlines import wording
from foundation.lifecycle.duties import refused_start
from foundation.lifecycle.table import Start
from foundation.permissions import access_of, page_of, role_of
from foundation.refusals import Words
from foundation.ui.tabs import Tab

register = template.Library()

#: Spaces beside a full-width mark, which has its own.
BLANKS = re.compile(r"\s*([\u3001\u3002\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f])\s*")


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, size: int = 16) -> SafeString:
    """An icon as SVG, ``size`` pixels wide; screen readers ignore it."""
    return SafeString(lucide(name, size=size, aria_hidden="true"))


@register.simple_tag
def fixed(template: str) -> SafeString:
    """A template that shows words and addresses alone, drawn once for each language."""
    return _fixed(template, get_language())


@lru_cache(maxsize=100)
def _fixed(template: str, language: str | None) -> SafeString:
    return SafeString(render_to_string(template))


@register.simple_block_tag
def card(content: SafeString, title: str = "", kind: str = "", **attributes: str) -> SafeString:
    """A section with a heading if it has a title.

    ``kind`` is a further CSS class; other attributes are those of the element (``aria_label`` is
    ``aria-label``).
    """
    return _component("card", content=content, title=title, kind=kind, attributes=_attributes(attributes))


@register.simple_block_tag
def badge(content: SafeString, tone: str, icon: str = "") -> SafeString:
    """Words in a tone (done, soon, late, calm), with an icon if one is named."""
    return _badge(content.strip(), tone, icon)


@lru_cache(maxsize=1000)
def _badge(words: str, tone: str, icon: str) -> SafeString:
    """A badge with words of HTML."""
    return _component("chip", words=SafeString(words), tone=tone, icon=icon)


@register.simple_block_tag
def hint(content: SafeString, tone: str, icon: str = "", size: int = 16, **attributes: str) -> SafeString:
    """A line to be noticed, in a tone, with an icon if one is named."""
    words = SafeString(content.strip())
    return _component(
        "hint", words=words, tone=tone, icon=icon, size=size, attributes=_attributes(attributes)
    )


@register.simple_block_tag
def inline_hint(content: SafeString, tone: str, icon: str = "", size: int = 16, kind: str = "") -> SafeString:
    """Words to be noticed within a line, in a tone; ``kind`` is a further CSS class."""
    words = SafeString(content.strip())
    return _component("inline_hint", words=words, tone=tone, icon=icon, size=size, kind=kind)


@register.simple_block_tag
def sentences(content: SafeString) -> SafeString:
    """Sentences after one another: in Chinese without a space between them, in English with one."""
    return SafeString(BLANKS.sub(r"\1", content.strip()))


@register.simple_tag
def crumb(to: Any, words: Words, icon: str = "arrow-left") -> SafeString:
    """A link back: to an object, a named address or an address."""
    return _component("crumb", address=resolve_url(to), words=words, icon=icon)


@register.simple_tag(takes_context=True)
def start_button(context: dict[str, Any], name: str, words: Words) -> SafeString:
    """The button that opens the page of a named address, or why it cannot be begun now; nothing for a reader who
    is not admitted to it.
    """
    if not access_of(name).allows("GET", role_of(context["request"])):
        return SafeString("")
    page = page_of(name)
    row = getattr(page, "row", None)
    if isinstance(row, Start) and (refused := refused_start(page.lifecycle, row, context["request"].actor)):
        return format_html('<p class="text-muted text-small">{}</p>', refused.message)
    return _component("start_button", address=reverse(name), words=words)


@register.simple_tag
def empty_state(words: Words, icon: str = "", role: str = "") -> SafeString:
    """What a list shows that has no rows."""
    return _component("empty_state", words=words, icon=icon, role=role)


@register.simple_tag
def time_left(due: datetime, icon: str = "") -> SafeString:
    """The time left until ``due`` in words, in the tone of its urgency."""
    return _component("time_left", words=wording.left(due), tone=wording.urgency(due), icon=icon)


@register.inclusion_tag("components/section_tabs.html")
def tabs(tabs: Iterable[Tab], label: str) -> dict[str, Any]:
    """Tabs, of which one is the present page; ``label`` says what they choose, for screen readers."""
    return {"tabs": tabs, "label": label}


@register.inclusion_tag("components/make_document.html")
def make_document(kind: str, subject: Model, words: str, icon: str = "file-text") -> dict[str, Any]:
    """The button that requests a document of that kind about an object."""
    return {"kind": kind, "subject": subject, "label": subject._meta.label, "words": words, "icon": icon}


@register.simple_tag
def secret(subject: Model | None, field: str) -> SafeString:
    """A personal value, masked, with the form that reveals it; a dash where there is none."""
    if subject is None:
        return SafeString("")
    label, masked = subject._meta.label, getattr(subject, field)
    return _component("secret", masked=masked, label=label, pk=subject.pk, field=field)


def _attributes(attributes: dict[str, str]) -> SafeString:
    """Attributes of an element as HTML; ``aria_label`` becomes ``aria-label``."""
    return flatatt({name.replace("_", "-"): value for name, value in attributes.items()})


def _component(component: str, **shown: Any) -> SafeString:
    """A component without the newline at the end of its file, which would show as a space."""
    return SafeString(render_to_string(f"components/{component}.html", shown).strip())
