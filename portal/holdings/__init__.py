"""持仓: what a client holds, what it cost and what it is worth, each figure with its formula."""
