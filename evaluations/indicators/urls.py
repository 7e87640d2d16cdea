"""Page routes of running figures."""

from django.urls import path

from evaluations.indicators import views

urlpatterns = [
    path("indicators/", views.Definitions.as_view(), name="indicators"),
    path("indicators/<int:pk>/", views.ProviderFigures.as_view(), name="provider-figures"),
    path("indicators/<int:pk>/<slug:measure>/", views.ProviderRecords.as_view(), name="provider-records"),
]
