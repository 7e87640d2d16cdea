from django.apps import AppConfig


class ProcurementConfig(AppConfig):
    name = "procurement"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "采购"

    def ready(self) -> None:
        from procurement import (  # noqa: F401  binds the verbs, tells what is sealed
            asking,
            awarding,
            bidding,
            documents,
            inputs,
            keyring,
            next_candidate,
            objecting,
            panel,
            planning,
            seals,
        )
