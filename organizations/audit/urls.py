"""audit/: what happened in the organization."""

app_name = "audit"
urlpatterns: list = []
