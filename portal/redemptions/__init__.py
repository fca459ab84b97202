"""兑换: points for a product: request, hold, moderation, fulfilment."""
