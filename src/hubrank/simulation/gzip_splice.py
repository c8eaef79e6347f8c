"""One gzip stream out of lines that are packed now and pieces that were packed before.

What repeats in many works is packed once. A full flush before a piece makes the packer forget what went before, so a
piece packed alone fits behind any line; the checksum of the whole is put together from those of its parts. The stream
is plain gzip, and unpacking it costs what it would cost had every byte been packed in place.
"""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from hubrank.simulation.files import FASTEST, written

HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x04\xff"  # deflate, no name, no time, fastest, any system
RAW = -15  # deflate without a header, 32 KiB of history
USUAL = 6  # the level that files are packed with unless someone says otherwise
WRITE = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes packed once.

    packed : raw deflate, whole bytes, needing no history. length, crc : of the unpacked bytes.
    moved : the checksum of what went before, byte by byte, once these bytes have passed over it.
    """

    packed: bytes
    length: int
    crc: int
    moved: tuple[tuple[int, ...], ...]


def piece(content: bytes) -> Piece:
    """Pack `content` once and for all."""
    packer = zlib.compressobj(USUAL, zlib.DEFLATED, RAW)
    packed = packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH)
    crc = zlib.crc32(content)
    bits = [zlib.crc32(content, 1 << bit) ^ crc for bit in range(32)]  # a checksum is linear in what went before
    moved = tuple(tuple(_sum(bits[8 * byte :], value) for value in range(256)) for byte in range(4))
    return Piece(packed, len(content), crc, moved)


def _sum(bits: list[int], value: int) -> int:
    total = 0
    for bit in range(8):
        if value >> bit & 1:
            total ^= bits[bit]
    return total


class Spliced:
    """A gzip stream being written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._packer = zlib.compressobj(FASTEST, zlib.DEFLATED, RAW)
        self._crc = self._length = self._waiting_bytes = 0
        self._waiting = [HEADER]

    def write(self, content: bytes) -> None:
        """Pack bytes."""
        self._crc = zlib.crc32(content, self._crc)
        self._length += len(content)
        self._put(self._packer.compress(content))

    def splice(self, made: Piece) -> None:
        """Add bytes that are packed already."""
        crc, moved = self._crc, made.moved
        passed = moved[0][crc & 255] ^ moved[1][crc >> 8 & 255] ^ moved[2][crc >> 16 & 255] ^ moved[3][crc >> 24]
        self._crc = passed ^ made.crc
        self._length += made.length
        self._put(self._packer.flush(zlib.Z_FULL_FLUSH))
        self._put(made.packed)

    def end(self) -> None:
        """Write what is left and the checksum."""
        self._put(self._packer.flush(zlib.Z_FINISH))
        self._put(struct.pack("<II", self._crc, self._length & 0xFFFFFFFF))
        self._file.write(b"".join(self._waiting))

    def _put(self, packed: bytes) -> None:
        self._waiting.append(packed)
        self._waiting_bytes += len(packed)
        if self._waiting_bytes >= WRITE:
            self._file.write(b"".join(self._waiting))
            self._waiting, self._waiting_bytes = [], 0


@contextmanager
def spliced(path: Path) -> Iterator[Spliced]:
    """Open a gzip file that holds neither time nor name; it appears once all is on disk."""
    with written(path) as file:
        stream = Spliced(file)
        yield stream
        stream.end()
