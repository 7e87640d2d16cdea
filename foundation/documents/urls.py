"""Addresses of pages of documents."""

from django.urls import path

from foundation.documents import views

urlpatterns = [
    path("documents/make/<slug:kind>/<int:pk>/", views.MakeDocument.as_view(), name="make-document"),
    path("documents/<str:code>/", views.ShowDocument.as_view(), name="document"),
    path("documents/<str:code>/file.pdf", views.OpenDocument.as_view(), name="document-file"),
    path("verify/<str:code>/", views.VerifyDocument.as_view(), name="verify"),
]
