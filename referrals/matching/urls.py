"""Page routes of matching."""

from django.urls import path

from referrals.matching import views

urlpatterns = [
    path("needs/<int:pk>/match/", views.Match.as_view(), name="need-match"),
    path("referrals/<str:number>/replace/", views.ReplacePage.as_view(), name="referral-replace"),
]
