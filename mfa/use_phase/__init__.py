"""Products in use: how long they stay, what comes back, and what that supplies to a park over the years."""
