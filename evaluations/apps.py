from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    name = "evaluations"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "评估与退出"

    def ready(self) -> None:
        from evaluations import (  # noqa: F401  binds the verbs
            appealing,
            contesting,
            documents,
            exiting,
            inputs,
            rectifying,
            rounds,
            schemes,
            scoring,
            simulating,
            warning,
        )
