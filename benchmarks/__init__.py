"""What the package costs and what its decoder enforces, measured; each script writes one file of results."""
