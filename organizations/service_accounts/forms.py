"""Forms of the actions on service accounts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.apps import apps
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.autodiscovery import PackageConfig
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.fields import DayField
from organizations.service_accounts import bearing
from organizations.service_accounts.states import SERVICE_ACCOUNT

#: Days for which a token is proposed to be valid.
PROPOSED = 90


def parts() -> list[tuple[str, Any]]:
    """The packages that have addresses in the API, each with its name."""
    packages = (config for config in apps.get_app_configs() if isinstance(config, PackageConfig))
    return [(config.name, config.verbose_name) for config in packages if config.name != bearing.OWN]


@form_for(SERVICE_ACCOUNT, "issue")
class IssueToken(ActionForm):
    """What the program is called, what it is for, and what it may do until when."""

    name = forms.CharField(label=_("程序名称"), max_length=40, help_text=_("例如：市 12345 工单系统。"))
    purpose = forms.CharField(
        label=_("用途"), max_length=200, help_text=_("它拿什么数据、做什么、谁在维护。审计会看到。")
    )
    parts = forms.MultipleChoiceField(
        label=_("可用的部分"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("只勾它用得着的。它能看到的不会比您多。"),
    )
    acts = forms.BooleanField(
        label=_("可以办理"), required=False, help_text=_("不勾就只能读取。它办的事记在您名下。")
    )
    expires_on = DayField(label=_("有效期至"))

    def prepare(self) -> None:
        field = self.fields["parts"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = parts()
        self.initial.setdefault("expires_on", moments.today() + timedelta(days=PROPOSED))
