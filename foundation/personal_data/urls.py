from django.urls import path

from foundation.personal_data import views as personal_data_views

urlpatterns = [
    path("reveal/<str:label>/<int:pk>/<slug:field>/", personal_data_views.Reveal.as_view(), name="reveal")
]
