"""Staff who look on, as an organization sees it: what they saw, what they may change."""
