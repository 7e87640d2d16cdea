from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "catalog"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "购买服务目录"

    def ready(self) -> None:
        from catalog.offers import applying  # noqa: F401  binds the verbs
