"""Page routes of hand-overs."""

from django.urls import path

from foundation.ui.routing import urls_of
from referrals.handovers import views
from referrals.handovers.states import HANDOVER

urlpatterns = [
    path("handovers/<int:pk>/", views.ShowHandover.as_view(), name="handover"),
    *urls_of(HANDOVER, "handovers", "handover"),
]
