"""The ledger: the record of every entry ever published, and the decisions that follow from it."""
