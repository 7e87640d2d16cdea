"""Addresses of pages of people and memberships."""

from django.urls import path

from foundation.ui.routing import urls_of
from organizations.people import views
from organizations.people.states import MEMBERSHIP

urlpatterns = [
    path("people/", views.People.as_view(), name="people"),
    path("people/<int:pk>/", views.ShowPerson.as_view(), name="person"),
    path("people/<int:pk>/sign-out/", views.SignOutEverywhere.as_view(), name="person-sign-out"),
    path("memberships/<int:pk>/", views.ShowMembership.as_view(), name="membership"),
    *urls_of(MEMBERSHIP, "memberships", "membership"),
]
