from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "foundation"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "基础"

    def ready(self) -> None:
        from foundation import checks  # noqa: F401  registers the checks
        from foundation.rules import forms as rules_forms  # noqa: F401  binds the verbs
