"""Page routes of simulations."""

from django.urls import path

from evaluations.simulations import views
from evaluations.simulations.states import SIMULATION
from foundation.ui.routing import urls_of

urlpatterns = [
    path("simulations/", views.Simulations.as_view(), name="simulations"),
    path("simulations/<int:pk>/", views.ShowSimulation.as_view(), name="simulation"),
    *urls_of(SIMULATION, "simulations", "simulation"),
]
