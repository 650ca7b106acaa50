"""A small tenant app that only tests have, for shapes the product does not need yet."""
