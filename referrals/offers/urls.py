"""Page routes of referrals."""

from django.urls import path

from foundation.ui.routing import urls_of
from referrals.offers import views
from referrals.offers.states import REFERRAL

urlpatterns = [
    path("referrals/", views.Referrals.as_view(), name="referrals"),
    path("referrals/<str:number>/", views.ShowReferral.as_view(), name="referral"),
    path("referrals/<str:number>/link/", views.MakeLink.as_view(), name="referral-link"),
    path("answer/<str:token>/", views.AnswerLink.as_view(), name="offer-link"),
    *urls_of(REFERRAL, "referrals", "referral", lookup="number", converter="str"),
]
