"""短信: what goes out to a client's telephone, through which gateway, and what became of it."""
