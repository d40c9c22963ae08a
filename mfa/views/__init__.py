"""What people see: figures and reports."""
