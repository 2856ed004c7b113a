"""SHA-256 of all that was read, and of each block of it, however it was cut on its way."""

import hashlib

import pytest
from movalytics_extract.digests import BLOCK_BYTES, Digests

CONTENT = bytes(range(256)) * (BLOCK_BYTES // 100)


def of(content: bytes, step: int) -> Digests:
    found = Digests()
    for first in range(0, len(content), step):
        found.update(content[first : first + step])
    return found


def hexadecimal(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("length", [0, 1, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 2 * BLOCK_BYTES])
@pytest.mark.parametrize("step", [1 << 20, BLOCK_BYTES, 3 * BLOCK_BYTES + 7])
def test_are_of_the_whole_and_of_its_blocks(length: int, step: int) -> None:
    content, found = CONTENT[:length], of(CONTENT[:length], step)
    assert (found.bytes, found.sha256) == (length, hexadecimal(content))
    blocks = [content[first : first + BLOCK_BYTES] for first in range(0, length, BLOCK_BYTES)]
    assert list(found.blocks) == [hexadecimal(block) for block in blocks]


def test_what_only_grew_begins_with_the_same_blocks() -> None:
    before, after = of(CONTENT[: BLOCK_BYTES + 9], 1 << 20), of(CONTENT[: 2 * BLOCK_BYTES], 1 << 20)
    assert before.blocks[:1] == after.blocks[:1]
    assert before.blocks[1] != after.blocks[1]
