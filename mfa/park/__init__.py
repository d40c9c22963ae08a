"""What a park is: frozen, validated values, and the graph they form (design §4)."""
