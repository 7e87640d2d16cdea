from django.urls import path

from procurement.supplier import views as supplier_views

urlpatterns = [
    path("desk/", supplier_views.Desk.as_view(), name="desk"),
    path("desk/papers/new/", supplier_views.AddToFolder.as_view(), name="paper-new"),
    path("desk/papers/<int:pk>/", supplier_views.ShowPaper.as_view(), name="paper"),
    path("desk/calendar/<str:token>.ics", supplier_views.DeskCalendar.as_view(), name="desk-calendar"),
]
