"""Page routes of re-matchings."""

from django.urls import path

from foundation.ui.routing import urls_of
from referrals.rematching import views
from referrals.rematching.states import REMATCH

urlpatterns = [
    path("rematches/", views.Rematches.as_view(), name="rematches"),
    path("rematches/<int:pk>/", views.ShowRematch.as_view(), name="rematch"),
    *urls_of(REMATCH, "rematches", "rematch"),
]
