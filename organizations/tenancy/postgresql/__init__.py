"""PostgreSQL backend whose cursor carries the tenant context."""
