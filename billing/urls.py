"""billing/: the plan, changing it, paying, and what was paid."""

from django.urls import path

from billing import views

app_name = "billing"
urlpatterns = [
    # /billing/
    path("", views.overview, name="overview"),
    path("confirm/", views.confirm, name="confirm"),
    path("portal/", views.portal, name="portal"),
    path("cancel/", views.subscription_cancel, name="subscription_cancel"),
    path("keep/", views.subscription_keep, name="subscription_keep"),
    path("invoices/", views.invoice_list, name="invoice_list"),
    # /billing/plans/<code>/
    path("plans/<slug:code>/", views.plan_detail, name="plan_detail"),
    path("plans/<slug:code>/buy/", views.plan_buy, name="plan_buy"),
    path("plans/<slug:code>/change/", views.plan_change, name="plan_change"),
]
