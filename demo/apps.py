"""The app of the invented data."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The starter story and the scale data; not part of the product, and not installed for a city."""

    name = "demo"
    verbose_name = "演示"
