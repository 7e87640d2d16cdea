"""How personal values look to those who may not read them whole."""

from __future__ import annotations


def mask_name(text: str) -> str:
    """王小明 → 王**; a compound surname keeps its first character only."""
    return text[:1] + "*" * max(len(text) - 1, 1) if text else ""


def mask_id_number(text: str) -> str:
    """The first 6 (place) stay; the rest could be completed from birth date and sex beside it."""
    return f"{text[:6]}{'*' * max(len(text) - 6, 0)}" if text else ""


def mask_phone(text: str) -> str:
    """138****0000."""
    return f"{text[:3]}****{text[-4:]}" if len(text) >= 7 else "*" * len(text)


def mask_all(text: str) -> str:
    """Nothing stays but that there is something."""
    return "***" if text else ""


MASKS = {
    "name": mask_name,
    "id_number": mask_id_number,
    "phone": mask_phone,
    "address": mask_all,
    "note": mask_all,
}
