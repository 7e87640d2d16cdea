"""Addresses of drafts and of the session."""

from django.urls import path

from foundation.drafts import views

urlpatterns = [
    path("drafts/", views.SaveDraft.as_view(), name="draft"),
    path("drafts/discard/", views.DiscardDraft.as_view(), name="draft-discard"),
    path("session/", views.ShowSession.as_view(), name="session"),
]
