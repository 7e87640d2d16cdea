"""Addresses of pages of service accounts."""

from django.urls import path

from foundation.ui.routing import urls_of
from organizations.service_accounts import views
from organizations.service_accounts.states import SERVICE_ACCOUNT

urlpatterns = [
    path("service-accounts/", views.ServiceAccounts.as_view(), name="service-accounts"),
    path("service-accounts/<int:pk>/", views.ShowServiceAccount.as_view(), name="service-account"),
    path("service-accounts/new/issue/", views.Issue.as_view(), name="service-account-new-issue"),
    *urls_of(SERVICE_ACCOUNT, "service-accounts", "service-account", without=("issue",)),
]
