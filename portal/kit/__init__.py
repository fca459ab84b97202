"""Tools that know nothing of brokers."""
