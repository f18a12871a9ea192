"""The tree over a ledger's row hashes, pure: one root for all entries, and a short path for each of them.

The tree of RFC 6962 over the first `size` entries of a fair: leaf = SHA-256(0x00 ‖ row_hash), node =
SHA-256(0x01 ‖ left ‖ right), the row hash as its 32 bytes. Leaf and node differ in their first byte, so no
inner node can pass for an entry. The path of an entry shows nothing of the other entries but hashes.
"""

import hashlib
from collections.abc import Sequence

EMPTY = hashlib.sha256().hexdigest()


class Tree:
    """The tree over row hashes (hex), in the order of the ledger; entry `seq` is leaf `seq - 1`."""

    def __init__(self, row_hashes: Sequence[str]) -> None:
        level = [hashlib.sha256(b"\x00" + bytes.fromhex(row_hash)).digest() for row_hash in row_hashes]
        self._levels = [level]
        while len(level) > 1:
            level = _level_above(level)
            self._levels.append(level)

    @property
    def size(self) -> int:
        return len(self._levels[0])

    @property
    def root(self) -> str:
        """Hex; of no entries the hash of nothing."""
        return self._levels[-1][0].hex() if self.size else EMPTY

    def path(self, seq: int) -> list[str]:
        """Return the hashes (hex) that lead from an entry to the root, the nearest first.

        IndexError beyond the tree.
        """
        place, path = seq - 1, []
        if not 0 <= place < self.size:
            raise IndexError(seq)
        for level in self._levels[:-1]:
            beside = place ^ 1
            if beside < len(level):
                path.append(level[beside].hex())
            place >>= 1
        return path


def _level_above(level: list[bytes]) -> list[bytes]:
    """Pairs become nodes; a last one alone moves up as it is, which is RFC 6962's tree."""
    above = [
        hashlib.sha256(b"\x01" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)
    ]
    return above + level[len(above) * 2 :]
