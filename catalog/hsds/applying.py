"""How one applies for a service of the directory."""

from __future__ import annotations

from foundation.city import reading


def in_words() -> str:
    """At the window, by the assistant, or by the city's hotline, with its number once that is known."""
    hotline = reading.current().hotline
    return f"带身份证到所在镇（街道）的社会救助窗口申请，或请村（社区）协管员代办，或拨打救助热线{hotline and ' '}{hotline}。"
