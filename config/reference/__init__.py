"""The API described: as OpenAPI for programs, and as a page for people."""
