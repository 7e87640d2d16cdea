"""Addresses of pages of telephones and mail addresses of accounts."""

from django.urls import path

from organizations.contacts import views

urlpatterns = [
    path("account/contact/", views.ChangeOwnContact.as_view(), name="contact"),
    path("people/<int:pk>/contact/", views.ChangeContact.as_view(), name="person-contact"),
]
