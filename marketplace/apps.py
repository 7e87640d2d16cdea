"""The app configuration of marketplace."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MarketplaceConfig(AppConfig):
    """Settings, sign-in, workbench, public pages and the root of the API."""

    name = "marketplace"
    verbose_name = _("联动")
