"""What seeds say of an idea, which run is next, and what a person may say against it."""
