"""Receptive fields: which pixels an output can see, and how its value comes of them."""
