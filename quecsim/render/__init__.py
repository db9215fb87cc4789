"""What people look at: text and pictures, pure functions of the report."""
