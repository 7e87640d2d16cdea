from django.urls import path

from evaluations.lifecycle import ROUND, SCHEME, SHEET
from evaluations.pages import views
from foundation.pages.routing import urls_of

urlpatterns = [
    path("rounds/", views.Rounds.as_view(), name="rounds"),
    path("rounds/<int:pk>/", views.ShowRound.as_view(), name="round"),
    path("sheets/<int:pk>/", views.ShowSheet.as_view(), name="sheet"),
    path("schemes/<int:pk>/", views.ShowScheme.as_view(), name="scheme"),
    *urls_of(ROUND, "rounds", "round"),
    *urls_of(SHEET, "sheets", "sheet"),
    *urls_of(SCHEME, "schemes", "scheme"),
]
