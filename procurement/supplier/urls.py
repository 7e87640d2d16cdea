"""Addresses of the supplier's dashboard."""

from django.urls import path

from procurement.supplier import views

urlpatterns = [
    path("desk/", views.Desk.as_view(), name="desk"),
    path("desk/papers/new/", views.AddToFolder.as_view(), name="paper-new"),
    path("desk/papers/<int:pk>/", views.ShowPaper.as_view(), name="paper"),
    path("desk/calendar/<str:token>.ics", views.DeskCalendar.as_view(), name="desk-calendar"),
]
