"""Page routes of services."""

from django.urls import path

from referrals.service import views as service_views

urlpatterns = [
    path("referrals/<str:number>/visit-code/", service_views.SendVisitCode.as_view(), name="visit-code"),
    path(
        "referrals/<str:number>/signatures/<int:pk>/",
        service_views.ShowSignature.as_view(),
        name="visit-signature",
    ),
]
