"""Addresses of pages of certificates."""

from django.urls import path

from foundation.ui.routing import urls_of
from organizations.certificates import views
from organizations.certificates.states import CERTIFICATE

urlpatterns = [
    path("certificates/<int:pk>/", views.ShowCertificate.as_view(), name="certificate"),
    path("certificates/<int:pk>/file/", views.CertificateFile.as_view(), name="certificate-file"),
    *urls_of(CERTIFICATE, "certificates", "certificate"),
]
