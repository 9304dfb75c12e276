"""An atlas: activations of many images laid out, averaged cell by cell, and dreamed."""
