"""The pages of retention, by noun."""
