"""What is measured about accounts, shown: every feature with its spread, what is missing, how it drifts and what uses it."""
