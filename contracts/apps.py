from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "contracts"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "合同与资金"

    def ready(self) -> None:
        pass
