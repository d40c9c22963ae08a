"""What the data say: reconciliation, stocks in use, uncertainty, tracing (design §3)."""
