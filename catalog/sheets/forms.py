"""Forms of the actions on imports."""

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.editions.models import Edition
from catalog.items import editing
from catalog.items.fields import FIELDS
from catalog.items.item_form import ItemForm
from catalog.sheets.sheet import OPEN_WORDS
from catalog.sheets.states import IMPORT
from foundation.forms.actions import ActionForm, form_for
from foundation.forms.uploads import UploadField
from foundation.wording import listed


@form_for(IMPORT, "upload")
class Upload(ActionForm):
    """The draft, the file, and whether the file is the whole content."""

    facts = "catalog/sheets/upload_help.html"

    edition = forms.ModelChoiceField(label=_("目录版本"), queryset=Edition.objects.none())
    file = UploadField(
        label=_("目录文件"),
        kinds=("xlsx", "csv"),
        help_text=_(
            "XLSX 或 CSV，一项一行；大类和小类也各占一行，只写代码和名称。先看预览，确认后才写入草稿。"
        ),
    )
    replace = forms.BooleanField(
        label=_("文件就是全部内容：草稿里有而文件里没有的，从草稿中删除"), required=False
    )

    def prepare(self) -> None:
        drafts = Edition.objects.drafted()
        kept = editing.kept_for_approval(drafts, self.actor)
        self.chooser("edition").queryset = drafts.exclude(pk__in=kept)

    @property
    def needed(self) -> str:
        """The columns without which no item can be entered, as people call them."""
        return self._called(required=True)

    @property
    def others(self) -> str:
        """The other columns."""
        return self._called(required=False)

    def _called(self, *, required: bool) -> str:
        fields = (field for field in FIELDS if _is_needed(field.name) is required)
        return listed(field.label for field in fields)

    @property
    def models(self) -> list[Edition]:
        """Editions whose sheet shows how a file should look."""
        return list(Edition.objects.in_force())


def _is_needed(name: str) -> bool:
    """Whether the column must be filled for a new item; one that states no condition takes a word for it."""
    return ItemForm.base_fields[name].required or name in OPEN_WORDS


@form_for(IMPORT, "apply")
class ApplyImport(ActionForm):
    """The digest of the preview that the person saw."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
