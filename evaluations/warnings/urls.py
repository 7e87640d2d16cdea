"""Page routes of early-warning signals."""

from django.urls import path

from evaluations.warnings import views
from evaluations.warnings.states import SIGNAL
from foundation.ui.routing import urls_of

urlpatterns = [
    path("signals/", views.Signals.as_view(), name="signals"),
    path("signals/<int:pk>/", views.ShowSignal.as_view(), name="signal"),
    *urls_of(SIGNAL, "signals", "signal"),
]
