"""A local double of Stripe: the same answers, no account, no money."""
