"""Addresses of this topic."""

urlpatterns: list = []
