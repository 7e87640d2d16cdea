"""Addresses of the pages about imports."""

from django.urls import path

from catalog.sheets import views
from catalog.sheets.states import IMPORT
from foundation.ui.routing import urls_of

urlpatterns = [
    path("imports/blank.xlsx", views.BlankFile.as_view(), name="import-blank"),
    path("imports/<int:pk>/", views.ShowImport.as_view(), name="import"),
    *urls_of(IMPORT, "imports", "import"),
]
