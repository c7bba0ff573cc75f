"""Physics: events, state, rules, perception, and the log they make."""
