from django.urls import path

from foundation.ui.routing import urls_of
from households.register import views as register_views
from households.register.states import HOUSEHOLD

urlpatterns = [
    path("households/", register_views.Households.as_view(), name="households"),
    path("households/<str:number>/", register_views.ShowHousehold.as_view(), name="household"),
    *urls_of(HOUSEHOLD, "households", "household", lookup="number", converter="str"),
]
