"""Page routes of requests for offers."""

from django.urls import path

from foundation.ui.routing import urls_of
from referrals.requests import views
from referrals.requests.states import REQUEST

urlpatterns = [
    path("calls/<int:pk>/", views.ShowRequestForOffers.as_view(), name="call"),
    *urls_of(REQUEST, "calls", "call"),
]
