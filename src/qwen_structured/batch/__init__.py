"""Many prompts at once: what is asked, how many at a time, what comes of each, and the journal of it."""
