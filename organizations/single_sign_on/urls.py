"""Addresses of the single sign-on."""

from django.urls import path

from organizations.single_sign_on import views

urlpatterns = [
    path("sign-in/single/", views.Begin.as_view(), name="single-sign-on"),
    path("sign-in/single/back/", views.Back.as_view(), name="single-sign-on-back"),
    path("account/security/single/", views.Connect.as_view(), name="single-sign-on-connect"),
    path("account/security/single/<int:pk>/", views.Disconnect.as_view(), name="single-sign-on-disconnect"),
    path(
        "people/<int:pk>/connections/<int:connection>/disconnect/",
        views.DisconnectSomebody.as_view(),
        name="person-disconnect",
    ),
]
