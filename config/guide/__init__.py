"""The guide: articles for people who use the product, a search, and ways to any page."""
