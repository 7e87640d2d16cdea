"""Addresses of the pages about imports."""

from django.urls import path

from catalog.sheets import views as sheets_views
from catalog.sheets.states import IMPORT
from foundation.ui.routing import urls_of

urlpatterns = [
    path("imports/<int:pk>/", sheets_views.ShowImport.as_view(), name="import"),
    *urls_of(IMPORT, "imports", "import"),
]
