"""Writes the diagrams of all lifecycles into docs/lifecycles."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from foundation.lifecycle import diagrams


class Command(BaseCommand):
    help = "Draws every lifecycle table into docs/lifecycles."

    def handle(self, *args: Any, **options: Any) -> None:
        changed = diagrams.write(settings.BASE_DIR / "docs" / "lifecycles")
        self.stdout.write("\n".join(changed) or "Every drawing is up to date.")
