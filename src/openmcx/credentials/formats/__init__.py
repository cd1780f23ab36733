"""Wire formats: the only place that knows how the model is written and read."""
