"""Demo stories, built with the flows people use."""

# Role, e-mail and password of each person the demo signs in; development only.
DEMO_SIGN_INS = [
    (
        "owner of Acme Corp, member of Tech Startup Inc",
        "alice@example.com",
        "alice-demo-42",
    ),
    (
        "owner of Tech Startup Inc, member of Acme Corp",
        "bob@example.com",
        "bob-demo-42",
    ),
    ("operator", "admin@example.com", "admin-demo-42"),
]
