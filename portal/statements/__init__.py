"""账单: accounts and every row that ever moved money or shares in them."""
