"""Page routes of appeals against an exit."""

from django.urls import path

from evaluations.exit_appeals import views
from evaluations.exit_appeals.states import EXIT_APPEAL
from foundation.ui.routing import urls_of

urlpatterns = [
    path("exit-appeals/<int:pk>/", views.ShowExitAppeal.as_view(), name="exit-appeal"),
    *urls_of(EXIT_APPEAL, "exit-appeals", "exit-appeal"),
]
