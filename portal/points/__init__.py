"""积分: the append-only ledger of loyalty points and the rules that earn them."""
