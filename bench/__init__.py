"""The benchmark: what builds cost, side by side with what other tools take for the same text."""
