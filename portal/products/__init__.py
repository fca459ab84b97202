"""产品: the catalogue, SMS plans and subscriptions."""
