"""What is wrong with a sheet, as far as people read it at once."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

#: Faults that are told at once.
MOST = 30


def told(faults: Sequence[str]) -> list[str]:
    """The first faults, and how many others there are."""
    if len(faults) <= MOST:
        return list(faults)
    return [*faults[:MOST], _("还有 %(n)s 处不对，先改好上面这些。") % {"n": len(faults) - MOST}]
