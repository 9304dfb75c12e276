"""Many vectors: exact neighbours, layouts in the plane, and how far a layout can be believed."""
