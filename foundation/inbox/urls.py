from django.urls import path

from foundation.inbox import views as inbox_views

urlpatterns = [path("inbox/", inbox_views.Inbox.as_view(), name="inbox")]
