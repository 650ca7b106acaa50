"""One route of each kind, for what has to hold on all of them."""

PAGE = "/accounts/login/"
STATIC = "/static/css/tokens.css"
KINDS = {
    "form": PAGE,
    "product": "/tasks/",
    "console": "/admin/",
    "health": "/healthz",
    "readiness": "/readyz",
    "static": STATIC,
    "missing": "/no/such/page/",
}
