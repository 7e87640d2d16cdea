from django.urls import path

from foundation.pages import views
from foundation.pages.routing import urls_of
from foundation.rules.lifecycle import RULE

urlpatterns = [
    path("documents/make/<slug:kind>/<int:pk>/", views.MakeDocument.as_view(), name="make-document"),
    path("documents/<str:code>/", views.ShowDocument.as_view(), name="document"),
    path("documents/<str:code>/file.pdf", views.OpenDocument.as_view(), name="document-file"),
    path("verify/<str:code>/", views.VerifyDocument.as_view(), name="verify"),
    path("reveal/<str:label>/<int:pk>/<slug:field>/", views.Reveal.as_view(), name="reveal"),
    path("clocks/<int:pk>/pause/", views.PauseClock.as_view(), name="clock-pause"),
    path("clocks/<int:pk>/resume/", views.ResumeClock.as_view(), name="clock-resume"),
    path("drafts/", views.SaveDraft.as_view(), name="draft"),
    path("drafts/discard/", views.DiscardDraft.as_view(), name="draft-discard"),
    path("session/", views.ShowSession.as_view(), name="session"),
    path("overdue/", views.OverdueRegister.as_view(), name="overdue"),
    path("messages/undelivered/", views.Undelivered.as_view(), name="undelivered"),
    path("messages/<int:pk>/send-again/", views.SendAgain.as_view(), name="send-again"),
    path("inbox/", views.Inbox.as_view(), name="inbox"),
    path("rules/", views.Rules.as_view(), name="rules"),
    path("rules/<int:pk>/", views.ShowRule.as_view(), name="rule"),
    *urls_of(RULE, "rules", "rule"),
]
