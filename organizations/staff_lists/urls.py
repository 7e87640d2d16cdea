"""Addresses of pages of lists of staff."""

from django.urls import path

from foundation.ui.routing import urls_of
from organizations.staff_lists import views
from organizations.staff_lists.states import STAFF_LIST

urlpatterns = [
    path("staff-lists/", views.StaffLists.as_view(), name="staff-lists"),
    path("staff-lists/<int:pk>/", views.ShowStaffList.as_view(), name="staff-list"),
    path("staff-lists/<int:pk>/letters/", views.Letters.as_view(), name="staff-list-letters"),
    path("staff-lists/template.xlsx", views.TemplateFile.as_view(), name="staff-list-template"),
    *urls_of(STAFF_LIST, "staff-lists", "staff-list"),
]
