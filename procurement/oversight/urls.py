from django.urls import path

from procurement.oversight import views as oversight_views

urlpatterns = [path("red-flags/", oversight_views.RedFlags.as_view(), name="red-flags")]
