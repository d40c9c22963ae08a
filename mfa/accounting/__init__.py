"""What the data say: reconciliation, uncertainty, tracing, accounts of products in use (design §3)."""
