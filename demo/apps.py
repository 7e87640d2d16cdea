from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The starter story and the scale data: no part of the product, and not installed for a city."""

    name = "demo"
    verbose_name = "演示"
