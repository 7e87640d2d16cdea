from django.apps import AppConfig


class GivingConfig(AppConfig):
    name = "giving"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "慈善资金和物资"

    def ready(self) -> None:
        from giving import forms  # noqa: F401  binds the verbs
