"""The action: what we do about it, and whether it worked."""
