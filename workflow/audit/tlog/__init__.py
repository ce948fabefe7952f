"""A transparency log: canonical bytes, a Merkle tree and its tiles, proofs, signed notes. It knows nothing of cases."""
