"""Page routes of matching."""

from django.urls import path

from referrals.matching import views as matching_views

urlpatterns = [
    path("needs/<int:pk>/match/", matching_views.Match.as_view(), name="need-match"),
    path("referrals/<str:number>/replace/", matching_views.ReplacePage.as_view(), name="referral-replace"),
]
