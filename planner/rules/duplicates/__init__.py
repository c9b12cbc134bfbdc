"""What a dispatch would repeat: exactly, but for the seed, or nearly."""
