"""Labels, training, the registry of models, what a run scores with."""
