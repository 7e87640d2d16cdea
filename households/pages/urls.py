from django.urls import path

from foundation.pages.routing import urls_of
from households.lifecycle import CORRECTION, HOUSEHOLD, JOINING, RELOCATION
from households.pages import views

urlpatterns = [
    path("households/", views.Households.as_view(), name="households"),
    path("households/<str:number>/", views.ShowHousehold.as_view(), name="household"),
    path("relocations/<int:pk>/", views.ShowRelocation.as_view(), name="relocation"),
    path("joinings/<int:pk>/", views.ShowJoining.as_view(), name="joining"),
    path("corrections/<int:pk>/", views.ShowCorrection.as_view(), name="correction"),
    *urls_of(HOUSEHOLD, "households", "household", lookup="number", converter="str"),
    *urls_of(RELOCATION, "relocations", "relocation"),
    *urls_of(JOINING, "joinings", "joining"),
    *urls_of(CORRECTION, "corrections", "correction"),
]
