"""Page routes of running figures."""

from django.urls import path

from evaluations.indicators import views as indicators_views

urlpatterns = [
    path("indicators/", indicators_views.Definitions.as_view(), name="indicators"),
    path("indicators/<int:pk>/", indicators_views.ProviderFigures.as_view(), name="provider-figures"),
    path(
        "indicators/<int:pk>/<slug:measure>/",
        indicators_views.ProviderRecords.as_view(),
        name="provider-records",
    ),
]
