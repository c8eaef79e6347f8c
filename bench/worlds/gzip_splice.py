"""One gzip stream of lines that are compressed in place and pieces that were compressed before.

What repeats in many works is compressed once. A full flush before a piece empties the compressor's history, so a piece
compressed alone can follow any line; the checksum of the whole is combined from those of its parts. The stream is plain
gzip, and unpacking it costs what it would cost had every byte been compressed in place.
"""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from hubrank.core.files import atomic_file
from hubrank.simulation.files import FASTEST

HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x04\xff"  # deflate, no name, no time, fastest, any system
RAW = -15  # deflate without a header, 32 KiB of history
DEFAULT_LEVEL = 6  # default of gzip
WRITE = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes compressed once.

    compressed : raw deflate, whole bytes, needing no history. length, crc : of the uncompressed bytes.
    advanced : the checksum of what precedes, byte by byte, after these bytes have passed over it.
    """

    compressed: bytes
    length: int
    crc: int
    advanced: tuple[tuple[int, ...], ...]


def compress(content: bytes) -> Piece:
    """Compress `content` so that it can be spliced into any stream."""
    compressor = zlib.compressobj(DEFAULT_LEVEL, zlib.DEFLATED, RAW)
    compressed = compressor.compress(content) + compressor.flush(zlib.Z_FULL_FLUSH)
    crc = zlib.crc32(content)
    bits = [zlib.crc32(content, 1 << bit) ^ crc for bit in range(32)]  # a checksum is linear in what precedes
    advanced = tuple(tuple(_sum(bits[8 * byte :], value) for value in range(256)) for byte in range(4))
    return Piece(compressed, len(content), crc, advanced)


def _sum(bits: list[int], value: int) -> int:
    total = 0
    for bit in range(8):
        if value >> bit & 1:
            total ^= bits[bit]
    return total


class GzipSplice:
    """A gzip stream being written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._compressor = zlib.compressobj(FASTEST, zlib.DEFLATED, RAW)
        self._crc = self._length = self._waiting_bytes = 0
        self._waiting = [HEADER]

    def write(self, content: bytes) -> None:
        """Compress bytes."""
        self._crc = zlib.crc32(content, self._crc)
        self._length += len(content)
        self._put(self._compressor.compress(content))

    def splice(self, piece: Piece) -> None:
        """Add bytes that are compressed already."""
        crc, table = self._crc, piece.advanced
        advanced = table[0][crc & 255] ^ table[1][crc >> 8 & 255] ^ table[2][crc >> 16 & 255] ^ table[3][crc >> 24]
        self._crc = advanced ^ piece.crc
        self._length += piece.length
        self._put(self._compressor.flush(zlib.Z_FULL_FLUSH))
        self._put(piece.compressed)

    def end(self) -> None:
        """Write what is left and the checksum."""
        self._put(self._compressor.flush(zlib.Z_FINISH))
        self._put(struct.pack("<II", self._crc, self._length & 0xFFFFFFFF))
        self._file.write(b"".join(self._waiting))

    def _put(self, compressed: bytes) -> None:
        self._waiting.append(compressed)
        self._waiting_bytes += len(compressed)
        if self._waiting_bytes >= WRITE:
            self._file.write(b"".join(self._waiting))
            self._waiting, self._waiting_bytes = [], 0


@contextmanager
def gzip_splice(path: Path) -> Iterator[GzipSplice]:
    """Open a gzip file that holds neither time nor name; it appears once all is on disk."""
    with atomic_file(path) as file:
        stream = GzipSplice(file)
        yield stream
        stream.end()
