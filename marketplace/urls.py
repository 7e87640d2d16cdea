"""The URL configuration of the product."""

from django.urls import include, path

from marketplace.chrome import views as chrome_views
from marketplace.journal import views as journal_views
from marketplace.portal import applying, giving, joining, judged, results, tenders
from marketplace.portal import views as portal
from marketplace.search import views as search_views
from marketplace.sign_in import views as sign_in_views
from marketplace.workbench import views as workbench_views

handler400 = "marketplace.errors.faults.bad_request"
handler403 = "marketplace.errors.not_yours.not_yours"
handler500 = "marketplace.errors.faults.server_error"

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
    path("providers/join/", joining.BeginJoining.as_view(), name="join-provider"),
    path("providers/join/code/", joining.CheckJoiningCode.as_view(), name="join-provider-code"),
    path("providers/join/form/", joining.Join.as_view(), name="join-provider-form"),
    path("providers/join/keep/", joining.KeepJoining.as_view(), name="join-provider-keep"),
    path("apply/keep/", applying.KeepTyped.as_view(), name="apply-keep"),
    path("sign-in/household/", applying.BeginSignIn.as_view(), name="household-sign-in"),
    path("sign-in/", sign_in_views.SignIn.as_view(), name="sign-in"),
    path("sign-in/factor/", sign_in_views.GiveSecondFactor.as_view(), name="sign-in-factor"),
    path("sign-in/passkey/", sign_in_views.SignInByPasskey.as_view(), name="sign-in-passkey"),
    path("not-me/<str:token>/", sign_in_views.NotMe.as_view(), name="not-me"),
    path("sign-out/", sign_in_views.SignOut.as_view(), name="sign-out"),
    path("password/", sign_in_views.ChangePassword.as_view(), name="password"),
    path("switch/role/", chrome_views.SwitchRole.as_view(), name="switch-role"),
    path("switch/language/", chrome_views.SwitchLanguage.as_view(), name="switch-language"),
    path("switch/elder/", chrome_views.SwitchElder.as_view(), name="switch-elder"),
    path("", include("marketplace.office.urls")),
    path("workbench/", workbench_views.ShowWorkbench.as_view(), name="workbench"),
    path("search/", search_views.Search.as_view(), name="search"),
    path("journal/", journal_views.Journal.as_view(), name="journal"),
    path("", include("marketplace.monitoring.urls")),
    path("api/v1/", include("marketplace.api")),
    path("hsds/", include("catalog.hsds.urls")),
    path("", include("foundation.urls")),
    path("", include("organizations.urls")),
    path("", include("households.urls")),
    path("", include("catalog.urls")),
    path("", include("contracts.urls")),
    path("", include("giving.urls")),
    path("", include("procurement.urls")),
    path("", include("referrals.urls")),
    path("", include("evaluations.urls")),
]
