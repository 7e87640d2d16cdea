"""The icons of the package, each drawn once a process: pages show dozens of them.

Templates load it under the package's own name (``TEMPLATES`` in the settings).
"""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide as drawn

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=512)
def lucide(name: str, *, size: int = 24, **attributes: str) -> SafeString:
    """The icon of that name as SVG."""
    return SafeString(drawn(name, size=size, **attributes))
