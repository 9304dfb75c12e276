"""What a model is shown: anything that is a picture, on its way in and back."""
