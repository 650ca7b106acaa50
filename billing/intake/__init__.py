"""What Stripe tells: its events, and what is made of them."""
