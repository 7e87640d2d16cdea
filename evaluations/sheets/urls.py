"""Page routes of score sheets."""

from django.urls import path

from evaluations.sheets import views
from evaluations.sheets.states import SHEET
from foundation.ui.routing import urls_of

urlpatterns = [
    path("sheets/<int:pk>/", views.ShowSheet.as_view(), name="sheet"),
    *urls_of(SHEET, "sheets", "sheet"),
]
