"""How dj-stripe is taken in: its rows, without its endpoint and its slow migrations."""
