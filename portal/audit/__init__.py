"""留痕: the hash-chained record of who did what."""
