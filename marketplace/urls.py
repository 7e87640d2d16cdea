"""Every address of the product."""

from django.urls import include, path

from marketplace import views
from marketplace.portal import applying, giving, judged, results, tenders
from marketplace.portal import views as portal

handler400 = "marketplace.faults.bad_request"
handler500 = "marketplace.faults.server_error"

urlpatterns = [
    path("organizations/", portal.Providers.as_view(), name="public-providers"),
    path("organizations/<slug:code>/", portal.ShowProvider.as_view(), name="public-provider"),
    path("notices/", portal.Notices.as_view(), name="public-notices"),
    path("notices/rounds/<int:pk>/", judged.ShowResults.as_view(), name="public-round"),
    path("notices/exits/<int:pk>/", judged.ShowLeft.as_view(), name="public-exit"),
    path("donations/<int:pk>/", giving.ShowPool.as_view(), name="public-pool"),
    path("tenders/", tenders.Tenders.as_view(), name="public-tenders"),
    path("tenders/<str:number>/", tenders.ShowTender.as_view(), name="public-tender"),
    path("funds/", portal.Funds.as_view(), name="public-funds"),
    path("funds/<int:pk>/<slug:account>/", portal.FundsEntries.as_view(), name="public-funds-entries"),
    path("help/", portal.Help.as_view(), name="public-help"),
    path("results/", results.Results.as_view(), name="public-results"),
    path("apply/", applying.BeginApplication.as_view(), name="apply"),
    path("apply/code/", applying.CheckCode.as_view(), name="apply-code"),
    path("apply/form/", applying.Apply.as_view(), name="apply-form"),
    path("apply/keep/", applying.KeepTyped.as_view(), name="apply-keep"),
    path("sign-in/household/", applying.BeginSignIn.as_view(), name="household-sign-in"),
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", views.SignOut.as_view(), name="sign-out"),
    path("password/", views.ChangePassword.as_view(), name="password"),
    path("switch/role/", views.SwitchRole.as_view(), name="switch-role"),
    path("switch/language/", views.SwitchLanguage.as_view(), name="switch-language"),
    path("switch/elder/", views.SwitchElder.as_view(), name="switch-elder"),
    path("workbench/", views.ShowWorkbench.as_view(), name="workbench"),
    path("search/", views.Search.as_view(), name="search"),
    path("journal/", views.Journal.as_view(), name="journal"),
    path("api/v1/", include("marketplace.api")),
    path("hsds/", include("catalog.hsds.urls")),
    path("", include("foundation.pages.urls")),
    path("", include("organizations.pages.urls")),
    path("", include("households.pages.urls")),
    path("", include("catalog.pages.urls")),
    path("", include("contracts.pages.urls")),
    path("", include("giving.pages.urls")),
    path("", include("procurement.pages.urls")),
    path("", include("referrals.pages.urls")),
    path("", include("evaluations.pages.urls")),
]
