"""What happens to every request before anybody asks who it is from."""
