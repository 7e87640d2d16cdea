"""The app configuration of marketplace."""

from django.apps import AppConfig


class MarketplaceConfig(AppConfig):
    """Settings, sign-in, workbench, public pages and the root of the API."""

    name = "marketplace"
    verbose_name = "联动"
