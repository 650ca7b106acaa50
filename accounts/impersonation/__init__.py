"""Staff who look on as somebody else: since when, until when, and why."""
