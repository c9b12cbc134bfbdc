"""What a person types, as numbers, and back."""
