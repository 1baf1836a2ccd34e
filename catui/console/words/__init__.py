"""What is said to a person and what a person types, as text."""
