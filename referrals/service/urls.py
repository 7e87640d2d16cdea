"""Page routes of services."""

from django.urls import path

from referrals.service import views

urlpatterns = [
    path("referrals/<str:number>/visit-code/", views.SendVisitCode.as_view(), name="visit-code"),
    path(
        "referrals/<str:number>/signatures/<int:pk>/", views.ShowSignature.as_view(), name="visit-signature"
    ),
]
