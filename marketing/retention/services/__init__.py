"""The verbs of retention, by noun: `playbooks`, `plans`, `offers`, `trials`."""
