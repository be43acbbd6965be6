"""Training of the built-in image-text model of seer."""
