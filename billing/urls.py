"""pricing/ and billing/: the plans, changing to one, paying, and what was paid."""

from django.urls import path

from billing import views

app_name = "billing"
urlpatterns = [
    path("pricing/", views.plan_list, name="plan_list"),
    # /billing/
    path("billing/", views.overview, name="overview"),
    path("billing/confirm/", views.confirm, name="confirm"),
    path("billing/portal/", views.portal, name="portal"),
    path("billing/cancel/", views.subscription_cancel, name="subscription_cancel"),
    path("billing/keep/", views.subscription_keep, name="subscription_keep"),
    path("billing/invoices/", views.invoice_list, name="invoice_list"),
    # /billing/plans/<code>/
    path("billing/plans/<slug:code>/", views.plan_detail, name="plan_detail"),
    path("billing/plans/<slug:code>/buy/", views.plan_buy, name="plan_buy"),
    path("billing/plans/<slug:code>/change/", views.plan_change, name="plan_change"),
]
