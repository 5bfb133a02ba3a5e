"""A server that speaks vLLM's interface over loopback, fails on purpose, and counts what it would bill."""
