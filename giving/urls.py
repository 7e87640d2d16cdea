"""Addresses of the pages about charity funds, goods and gifts."""

from django.urls import path

from foundation.ui.routing import urls_of
from giving import views
from giving.states import GIFT, POOL

urlpatterns = [
    path("pools/", views.Pools.as_view(), name="pools"),
    path("pools/<int:pk>/", views.ShowPool.as_view(), name="pool"),
    path("pools/<int:pk>/entries/", views.Entries.as_view(), name="pool-entries"),
    *urls_of(POOL, "pools", "pool"),
    path("gifts/<str:number>/", views.ShowGift.as_view(), name="gift"),
    *urls_of(GIFT, "gifts", "gift", lookup="number", converter="str"),
]
