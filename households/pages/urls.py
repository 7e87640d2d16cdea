from django.urls import path

from households.pages import views

urlpatterns = [
    path("households/", views.Households.as_view(), name="households"),
    path("households/<str:number>/", views.ShowHousehold.as_view(), name="household"),
]
