from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "受理与转介"

    def ready(self) -> None:
        from referrals import (  # noqa: F401  binds the verbs
            answers,
            calls,
            complaints,
            conference,
            delivery,
            documents,
            effects,
            following,
            handovers,
            inputs,
            intake,
            leaving_lines,
            offering,
            preparing,
            rematching,
            supplement,
            triage,
        )
