from django.apps import AppConfig


class ProcurementConfig(AppConfig):
    name = "procurement"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "采购"

    def ready(self) -> None:
        pass
