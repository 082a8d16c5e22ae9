from django.urls import path

from marketing.retention.views import overview, plans, playbooks, trials

urlpatterns = [
    path("retention/", plans.plan_list, name="retention-plans"),
    path("retention/<int:pk>/", plans.plan_detail, name="retention-plan"),
    path("retention/<int:pk>/end/", plans.plan_end, name="retention-end"),
    path("retention/<int:pk>/offer/", plans.offer_log, name="retention-offer"),
    path("retention/offers/<int:pk>/answer/", plans.offer_answer, name="retention-answer"),
    path("retention/start/<int:pk>/", plans.start, name="retention-start"),
    path("retention/start/", plans.start_bulk, name="retention-start-bulk"),
    path("retention/overview/", overview.retention_overview, name="retention-overview"),
    path("retention/charts/<slug:which>/", overview.retention_chart, name="retention-chart"),
    path("retention/playbooks/", playbooks.playbook_list, name="playbook-list"),
    path("retention/playbooks/new/", playbooks.playbook_edit, name="playbook-new"),
    path("retention/playbooks/<int:pk>/", playbooks.playbook_edit, name="playbook-edit"),
    path("retention/holdout/", trials.trial_list, name="trial-list"),
    path("retention/holdout/open/", trials.trial_open, name="trial-open"),
    path("retention/holdout/<int:pk>/", trials.trial_detail, name="trial-detail"),
    path("retention/holdout/<int:pk>/effect/", trials.trial_effect, name="trial-effect"),
    path("retention/holdout/<int:pk>/close/", trials.trial_close, name="trial-close"),
    path("retention/holdout/release/<int:pk>/", trials.lot_release, name="lot-release"),
    path("retention/holdout/exempt/<int:pk>/", trials.account_exempt, name="account-exempt"),
    path("retention/holdout/exemptions/<int:pk>/end/", trials.exemption_end, name="exemption-end"),
    path("accounts/<int:pk>/retention/", plans.account_panel, name="retention-panel"),
]
