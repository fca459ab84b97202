"""首页: what a client sees first."""
