"""What the ledger teaches, and which scores that moves."""
