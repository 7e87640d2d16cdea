from django.urls import path

from foundation.documents import views as documents_views

urlpatterns = [
    path(
        "documents/make/<slug:kind>/<int:pk>/", documents_views.MakeDocument.as_view(), name="make-document"
    ),
    path("documents/<str:code>/", documents_views.ShowDocument.as_view(), name="document"),
    path("documents/<str:code>/file.pdf", documents_views.OpenDocument.as_view(), name="document-file"),
    path("verify/<str:code>/", documents_views.VerifyDocument.as_view(), name="verify"),
]
