from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    name = "households"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "家庭"

    def ready(self) -> None:
        from households.register import registration  # noqa: F401  binds the verbs
