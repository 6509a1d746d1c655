"""What a person of the office may type."""
