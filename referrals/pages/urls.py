from django.urls import path

from foundation.pages.routing import urls_of
from referrals.lifecycle import MATTER, NEED, REFERRAL
from referrals.pages import views

urlpatterns = [
    path("intake/household/", views.LookUpHousehold.as_view(), name="look-up-household"),
    path("matters/", views.Matters.as_view(), name="matters"),
    path("matters/<str:number>/", views.ShowMatter.as_view(), name="matter"),
    path("matters/<str:number>/needs/", views.AddNeedPage.as_view(), name="matter-add-need"),
    path("needs/<int:pk>/", views.ShowNeed.as_view(), name="need"),
    path("needs/<int:pk>/match/", views.Match.as_view(), name="need-match"),
    path("needs/<int:pk>/consent/", views.Consent.as_view(), name="need-consent"),
    path("referrals/", views.Referrals.as_view(), name="referrals"),
    path("referrals/<str:number>/", views.ShowReferral.as_view(), name="referral"),
    *urls_of(MATTER, "matters", "matter", lookup="number", converter="str"),
    *urls_of(NEED, "needs", "need"),
    *urls_of(REFERRAL, "referrals", "referral", lookup="number", converter="str"),
]
