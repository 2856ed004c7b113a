"""SHA-256 of a stream: of all of it, and of each of its blocks, by which a later version can show that it only grew."""

import hashlib
from typing import Final

BLOCK_BYTES: Final = 1 << 24


class Digests:
    """What was read so far: its bytes, and its digests in hexadecimal."""

    def __init__(self) -> None:
        self._whole, self._block = hashlib.sha256(), hashlib.sha256()
        self._done: list[str] = []
        self.bytes = 0

    @property
    def sha256(self) -> str:
        """Of all that was read."""
        return self._whole.hexdigest()

    @property
    def blocks(self) -> tuple[str, ...]:
        """Of each block of BLOCK_BYTES; the last one may be shorter."""
        begun = [self._block.hexdigest()] if self.bytes % BLOCK_BYTES else []
        return (*self._done, *begun)

    def update(self, data: bytes) -> None:
        """These bytes come next."""
        self._whole.update(data)
        rest = memoryview(data)
        while rest:
            room = BLOCK_BYTES - self.bytes % BLOCK_BYTES
            self._block.update(rest[:room])
            self.bytes += len(rest[:room])
            rest = rest[room:]
            if not self.bytes % BLOCK_BYTES:
                self._done.append(self._block.hexdigest())
                self._block = hashlib.sha256()
