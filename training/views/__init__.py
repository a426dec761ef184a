"""Pages of training: classes and their people, the hours ledger and statements, the rules."""
