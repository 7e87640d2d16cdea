"""Page routes of appeals."""

from django.urls import path

from evaluations.appeals import views
from evaluations.appeals.states import APPEAL
from foundation.ui.routing import urls_of

urlpatterns = [
    path("appeals/<int:pk>/", views.ShowAppeal.as_view(), name="appeal"),
    *urls_of(APPEAL, "appeals", "appeal"),
]
