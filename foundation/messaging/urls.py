from django.urls import path

from foundation.messaging import views as messaging_views

urlpatterns = [
    path("messages/undelivered/", messaging_views.Undelivered.as_view(), name="undelivered"),
    path("messages/<int:pk>/send-again/", messaging_views.SendAgain.as_view(), name="send-again"),
]
