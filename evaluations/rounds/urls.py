"""Page routes of rounds."""

from django.urls import path

from evaluations.rounds import views as rounds_views
from evaluations.rounds.states import ROUND
from foundation.ui.routing import urls_of

urlpatterns = [
    path("rounds/", rounds_views.Rounds.as_view(), name="rounds"),
    path("rounds/<int:pk>/", rounds_views.ShowRound.as_view(), name="round"),
    *urls_of(ROUND, "rounds", "round"),
]
