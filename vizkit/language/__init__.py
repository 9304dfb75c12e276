"""Language models: attention, heads, the next token, the prediction at every layer."""
