"""What a designer of characters asks before one is shipped: audition, comparison, scaffolds."""
