from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "organizations"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "机构与人员"

    def ready(self) -> None:
        import organizations.api.schema  # noqa: F401  names the token in the schema
        from organizations.providers import standing  # noqa: F401  binds the verbs
