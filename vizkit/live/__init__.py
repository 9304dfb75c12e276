"""What is held up to a network while one watches: camera, drawing, photograph, pattern."""
