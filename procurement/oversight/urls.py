"""The addresses of red flags."""

from django.urls import path

from procurement.oversight import views

urlpatterns = [
    path("red-flags/", views.RedFlags.as_view(), name="red-flags"),
    path("red-flags/<int:pk>/", views.ShowRedFlag.as_view(), name="red-flag"),
]
