"""The address of revealing a protected value."""

from django.urls import path

from foundation.personal_data import views

urlpatterns = [path("reveal/<str:label>/<int:pk>/<slug:field>/", views.Reveal.as_view(), name="reveal")]
