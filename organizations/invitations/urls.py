"""Addresses of pages of invitations."""

from django.urls import path

from foundation.ui.routing import urls_of
from organizations.invitations import views
from organizations.invitations.states import INVITATION

urlpatterns = [
    path("invitations/", views.Invitations.as_view(), name="invitations"),
    path("invitations/<int:pk>/", views.ShowInvitation.as_view(), name="invitation"),
    path("invitations/<int:pk>/letter/", views.Letter.as_view(), name="invitation-letter"),
    path("join/", views.EnterCode.as_view(), name="enter-code"),
    path("join/<str:token>/", views.OpenLink.as_view(), name="join"),
    path("forgotten-password/", views.ForgottenPassword.as_view(), name="forgotten-password"),
    *urls_of(INVITATION, "invitations", "invitation"),
]
