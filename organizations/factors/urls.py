"""Addresses of pages of one's own sign-in."""

from django.urls import path

from organizations.factors import views

urlpatterns = [
    path("account/security/", views.ShowSecurity.as_view(), name="security"),
    path("account/security/app/", views.AddAnApp.as_view(), name="factor-new-app"),
    path("account/security/passkey/", views.AddAPasskey.as_view(), name="factor-new-passkey"),
    path("account/security/codes/", views.RenewCodes.as_view(), name="factor-codes"),
    path("account/security/factors/<int:pk>/remove/", views.RemoveFactor.as_view(), name="factor-remove"),
    path("account/security/opened/end-others/", views.EndOthers.as_view(), name="opened-end-others"),
    path("account/security/opened/<slug:identifier>/end/", views.EndOpened.as_view(), name="opened-end"),
    path("account/stay/", views.StaySignedIn.as_view(), name="stay-signed-in"),
    path("people/<int:pk>/reset-factors/", views.ResetFactors.as_view(), name="person-reset-factors"),
]
