"""Writes docs/access.md from the URL configuration."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from marketplace import permissions_table


class Command(BaseCommand):
    help = "Writes docs/access.md: role, address and method, from the URL configuration."

    def handle(self, *args: Any, **options: Any) -> None:
        page = settings.BASE_DIR / "docs" / "access.md"
        page.parent.mkdir(exist_ok=True)
        page.write_text(permissions_table.markdown())
        self.stdout.write(f"{len(permissions_table.addresses())} addresses")
