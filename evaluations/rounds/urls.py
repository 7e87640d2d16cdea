"""Page routes of rounds."""

from django.urls import path

from evaluations.rounds import views
from evaluations.rounds.states import ROUND
from foundation.ui.routing import urls_of

urlpatterns = [
    path("rounds/", views.Rounds.as_view(), name="rounds"),
    path("rounds/<int:pk>/", views.ShowRound.as_view(), name="round"),
    *urls_of(ROUND, "rounds", "round"),
]
