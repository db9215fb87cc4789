"""Many uploads over a grid of settings: which are safe, and where the boundary lies."""
