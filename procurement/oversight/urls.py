"""The address of the page of red flags."""

from django.urls import path

from procurement.oversight import views

urlpatterns = [path("red-flags/", views.RedFlags.as_view(), name="red-flags")]
