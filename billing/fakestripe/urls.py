"""Addresses of the double, which are there only where it is."""

from django.urls import path

from billing.fakestripe import views

app_name = "fakestripe"
urlpatterns = [
    path("", views.clock_page, name="clock_page"),
    path("clock/", views.clock_move, name="clock_move"),
    path("checkout/<str:session>/", views.checkout_page, name="checkout_page"),
    path("portal/<str:session>/", views.portal_page, name="portal_page"),
    path("portal/<str:session>/card/", views.portal_card, name="portal_card"),
    path("portal/<str:session>/end/", views.portal_end, name="portal_end"),
    path("invoice/<str:invoice>/", views.invoice_page, name="invoice_page"),
]
