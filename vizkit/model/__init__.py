"""One model: its layers by name, passes through it that leave it as it was, its predictions."""
