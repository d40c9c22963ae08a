"""What the data say: reconciliation, stocks in use, uncertainty, tracing (design §3). No module lives here yet."""
