"""The address of the inbox."""

from django.urls import path

from foundation.inbox import views

urlpatterns = [path("inbox/", views.Inbox.as_view(), name="inbox")]
