"""数据: the nightly feed, delivery orders, quarantine and breaks."""
