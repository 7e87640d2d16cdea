"""Addresses of pages of households."""

from django.urls import path

from foundation.ui.routing import urls_of
from households.register import views
from households.register.states import HOUSEHOLD

urlpatterns = [
    path("households/", views.Households.as_view(), name="households"),
    path("phone-not-ours/<str:token>/", views.PhoneNotOurs.as_view(), name="phone-not-ours"),
    path("households/<str:number>/", views.ShowHousehold.as_view(), name="household"),
    *urls_of(HOUSEHOLD, "households", "household", lookup="number", converter="str"),
]
