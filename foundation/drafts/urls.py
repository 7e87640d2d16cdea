from django.urls import path

from foundation.drafts import views as drafts_views

urlpatterns = [
    path("drafts/", drafts_views.SaveDraft.as_view(), name="draft"),
    path("drafts/discard/", drafts_views.DiscardDraft.as_view(), name="draft-discard"),
    path("session/", drafts_views.ShowSession.as_view(), name="session"),
]
