"""Addresses of pages of undelivered messages."""

from django.urls import path

from foundation.messaging import views

urlpatterns = [
    path("messages/undelivered/", views.Undelivered.as_view(), name="undelivered"),
    path("messages/<int:pk>/send-again/", views.SendAgain.as_view(), name="send-again"),
]
