"""Addresses of pages of lists of places, bodies or windows."""

from django.urls import path

from foundation.ui.routing import urls_of
from organizations.city_lists import views
from organizations.city_lists.kinds import CityListKind
from organizations.city_lists.states import CITY_LIST

urlpatterns = [
    path("city-lists/", views.CityLists.as_view(), name="city-lists"),
    path("city-lists/<int:pk>/", views.ShowCityList.as_view(), name="city-list"),
    *(
        path(
            f"city-lists/templates/{kind.value}.xlsx",
            views.TemplateFile.as_view(kind=kind.value),
            name=f"city-list-template-{kind.value}",
        )
        for kind in CityListKind
    ),
    *urls_of(CITY_LIST, "city-lists", "city-list"),
]
