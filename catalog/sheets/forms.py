"""Forms of the actions on imports."""

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.editions.models import Edition
from catalog.items import editing
from catalog.sheets.states import IMPORT
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.uploads import UploadField


@form_for(IMPORT, "upload")
class Upload(ActionForm):
    """The draft, the file, and whether the file is the whole content."""

    facts = "catalog/sheets/upload_help.html"

    edition = forms.ModelChoiceField(label=_("目录版本"), queryset=Edition.objects.none())
    file = UploadField(
        label=_("目录文件"),
        kinds=("xlsx", "csv"),
        help_text=_("XLSX 或 CSV。可以先导出一份作样子；先看预览，确认后才写入草稿。"),
    )
    replace = forms.BooleanField(
        label=_("文件就是全部内容：草稿里有而文件里没有的，从草稿中删除"), required=False
    )

    def prepare(self) -> None:
        drafts = Edition.objects.drafted()
        kept = editing.kept_for_approval(drafts, self.actor)
        self.chooser("edition").queryset = drafts.exclude(pk__in=kept)

    @property
    def models(self) -> list[Edition]:
        """Editions whose sheet shows how a file should look."""
        return list(Edition.objects.in_force())


@form_for(IMPORT, "apply")
class ApplyImport(ActionForm):
    """The digest of the preview that the person saw."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
