"""organizations/settings/export/ and import/: the organization as one file, and back."""

from django.urls import path

from organizations.archives import arrivals, views

app_name = "archives"
urlpatterns = [
    path("export/", views.export_list, name="export_list"),
    path("export/ask/", views.export_ask, name="export_ask"),
    path("export/<uuid:pk>/download/", views.export_download, name="export_download"),
    path("import/", arrivals.arrival_list, name="arrival_list"),
    path("import/new/", arrivals.arrival_create, name="arrival_create"),
    path("import/<uuid:arrival>/", arrivals.arrival_detail, name="arrival_detail"),
    path(
        "import/<uuid:arrival>/confirm/",
        arrivals.arrival_confirm,
        name="arrival_confirm",
    ),
    path(
        "import/<uuid:arrival>/cancel/", arrivals.arrival_cancel, name="arrival_cancel"
    ),
]
