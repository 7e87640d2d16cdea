from django.urls import path

from foundation.deadlines import views as deadlines_views

urlpatterns = [
    path("clocks/<int:pk>/pause/", deadlines_views.PauseClock.as_view(), name="clock-pause"),
    path("clocks/<int:pk>/resume/", deadlines_views.ResumeClock.as_view(), name="clock-resume"),
    path("overdue/", deadlines_views.OverdueRegister.as_view(), name="overdue"),
]
