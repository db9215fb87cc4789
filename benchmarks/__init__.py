"""How fast quecsim is, measured side by side with the barest program that could do the same."""
