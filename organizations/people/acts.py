"""Acts on memberships that commands make; commands are not imported by the product, which shows the journal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from foundation.journal import sentences

CREATE_ADMINISTRATOR = sentences.act("create_administrator", gettext_lazy("建立了市系统管理员的第一个账号"))
