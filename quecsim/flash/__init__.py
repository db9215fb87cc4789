"""Storage: a NOR flash with real timing, and UFS, a real littlefs, on top of it."""
