"""Page routes of matters."""

from django.urls import path

from foundation.ui.routing import urls_of
from referrals.matters import views
from referrals.matters.states import MATTER

urlpatterns = [
    path("intake/household/", views.LookUpHousehold.as_view(), name="look-up-household"),
    path("matters/", views.Matters.as_view(), name="matters"),
    path("matters/<str:number>/", views.ShowMatter.as_view(), name="matter"),
    *urls_of(MATTER, "matters", "matter", lookup="number", converter="str"),
]
