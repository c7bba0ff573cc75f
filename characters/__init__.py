"""People: profiles, files, memory, and the minds that decide for them."""
