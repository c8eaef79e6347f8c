"""Packed files are read from where they lie; hostile ones are refused at once, and nothing is written."""

import bz2
import gzip
import io
import os
import stat
import struct
import tarfile
import time
import zipfile
import zlib

import pyarrow as pa
import pytest

from hubrank.core.errors import DataError
from hubrank.sources.formats.archives import BOMB_BYTES, members

# A guard against hanging, no measure of speed (bench/reading.py has that): refusing takes a tenth of it at most.
HANGS_SECONDS = 5
TEXT = b"city,country\nGen\xc3\xa8ve,CH\n" * 1000


def contents(path):
    return {member.name: b"".join(member.pieces) for member in members(path, path.name)}


def zipped(path, *entries):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, data in entries:
            archive.writestr(info, data)
    return path


@pytest.mark.parametrize(
    "packed",
    [
        TEXT,
        gzip.compress(TEXT),
        gzip.compress(TEXT[:100]) + gzip.compress(TEXT[100:]),
        gzip.compress(TEXT) + bytes(512),
        bz2.compress(TEXT),
        bz2.compress(TEXT[:100]) + bz2.compress(TEXT[100:]),
        pa.compress(TEXT, "zstd", asbytes=True),
    ],
    ids=["plain", "gz", "two gz in one", "padded gz", "bz2", "two bz2 in one", "zst"],
)
def test_a_packed_file_reads_like_the_plain_one_whatever_its_name(tmp_path, packed):
    path = tmp_path / "data.bin"
    path.write_bytes(packed)
    assert contents(path) == {"data.bin": TEXT}


def test_a_zip_gives_its_data_files_in_order_of_name_and_leaves_the_readme(tmp_path):
    path = zipped(
        tmp_path / "a.zip", ("b.csv", b"2"), ("README.txt", b"x"), ("d/a.tsv", b"1"), ("__MACOSX/._b.csv", b"x")
    )
    assert contents(path) == {"a.zip/b.csv": b"2", "a.zip/d/a.tsv": b"1"}


def bomb_zip(path):
    return zipped(path, ("zeros.csv", bytes(100 << 20)))


def overlapping_zip(path):
    """Two entries of the table of contents that point at the same packed bytes."""
    zipped(path, ("a.csv", TEXT), ("b.csv", TEXT))
    with zipfile.ZipFile(path) as archive:
        offset = archive.getinfo("b.csv").header_offset
    raw = bytearray(path.read_bytes())
    entry = raw.rindex(b"PK\x01\x02")
    assert struct.unpack_from("<I", raw, entry + 42) == (offset,)
    struct.pack_into("<I", raw, entry + 42, 0)
    path.write_bytes(raw)
    return path


def linked(path):
    link = zipfile.ZipInfo("link.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    return zipped(path, (link, b"/etc/passwd"))


def nameless(path):
    zipped(path, ("a.csv", TEXT))
    raw = bytearray(path.read_bytes())
    raw[raw.rindex(b"a.csv")] = 0  # a name ends at a NUL
    path.write_bytes(raw)
    return path


def of_another_version(path):
    zipped(path, ("a.csv", TEXT))
    raw = bytearray(path.read_bytes())
    raw[raw.rindex(b"PK\x01\x02") + 6] = 99
    path.write_bytes(raw)
    return path


def crowded(path):
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(10_001):
            archive.writestr(f"{number}.csv", b"")
    return path


def tarred(path):
    with tarfile.open(path, "w") as archive:
        info = tarfile.TarInfo("../../out.csv")
        info.size = 1
        archive.addfile(info, io.BytesIO(b"x"))
    return path


def cut(path, data):
    path.write_bytes(data)
    return path


def deflated_zeros(megabytes):
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(megabytes)) + packer.flush()


HOSTILE = {
    "zip bomb": (bomb_zip, "zip bomb"),
    "gz bomb": (lambda path: cut(path, deflated_zeros(150)), "zip bomb"),
    "bz2 bomb": (lambda path: cut(path, bz2.compress(bytes(100 << 20))), "zip bomb"),
    "zst bomb": (lambda path: cut(path, pa.compress(bytes(100 << 20), "zstd", asbytes=True)), "zip bomb"),
    "path out of the archive": (lambda path: zipped(path, ("../../out.csv", b"x")), "leads out"),
    "absolute path": (lambda path: zipped(path, ("/tmp/out.csv", b"x")), "leads out"),
    "path of another system": (lambda path: zipped(path, ("..\\out.csv", b"x")), "leads out"),
    "drive": (lambda path: zipped(path, ("C:\\out.csv", b"x")), "leads out"),
    "symbolic link": (linked, "is a link"),
    "archive by name": (lambda path: zipped(path, ("inner.zip", b"x")), "inside another"),
    "archive by content": (lambda path: zipped(path, ("inner.csv", gzip.compress(TEXT))), "inside another"),
    "gz in gz": (lambda path: cut(path, gzip.compress(gzip.compress(TEXT))), "inside another"),
    "overlapping members": (overlapping_zip, "overlap"),
    "ten thousand members": (crowded, "10,001"),
    "no data in it": (lambda path: zipped(path, ("photo.jpg", b"x")), "no data file"),
    "no name": (nameless, "has no name"),
    "a version to come": (of_another_version, "damaged zip|incomplete zip"),
    "tar": (tarred, "tar archive"),
    "7z": (lambda path: cut(path, b"7z\xbc\xaf\x27\x1c" + bytes(100)), "7z archive"),
    "cut gz": (lambda path: cut(path, gzip.compress(os.urandom(5000))[:-20]), "damaged or cut short"),
    "gz of another checksum": (
        lambda path: cut(path, gzip.compress(TEXT)[:-8] + bytes(4) + gzip.compress(TEXT)[-4:]),
        "damaged or cut short",
    ),
    "broken gz": (lambda path: cut(path, gzip.compress(TEXT)[:40] + b"\xff" * 40), "damaged or cut short"),
    "cut bz2": (lambda path: cut(path, bz2.compress(os.urandom(5000))[:-20]), "damaged or cut short"),
    "cut zst": (lambda path: cut(path, pa.compress(TEXT, "zstd", asbytes=True)[:-4]), "damaged or cut short"),
    "cut zip": (lambda path: cut(path, zipped(path, ("a.csv", TEXT)).read_bytes()[:-30]), "damaged zip|incomplete zip"),
    "changed zip": (
        lambda path: cut(
            path,
            zipped(path, ("a.csv", TEXT)).read_bytes().replace(b"a.csv", b"a.csv"[:0] + b"a.csv", 1)[:40]
            + b"\xff\xff"
            + path.read_bytes()[42:],
        ),
        "damaged or cut short",
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_or_damaged_archive_is_refused_at_once_and_nothing_is_written(tmp_path, kind, monkeypatch):
    make, message = HOSTILE[kind]
    path = make(tmp_path / "archive.dat")
    aside = tmp_path / "temporary"
    aside.mkdir()
    monkeypatch.setenv("TMPDIR", str(aside))
    monkeypatch.chdir(aside)
    handed_on, started = [], time.process_time()
    with pytest.raises(DataError, match=message):
        handed_on.extend(len(piece) for member in members(path, path.name) for piece in member.pieces)
    assert time.process_time() - started < HANGS_SECONDS
    assert sum(handed_on) <= BOMB_BYTES, "more was unpacked than it takes to know a bomb"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["archive.dat", "temporary"]
    assert list(aside.iterdir()) == []


def test_a_file_that_may_not_be_read_says_so(tmp_path):
    with pytest.raises(DataError, match=r"gone\.csv cannot be read"):
        contents(tmp_path / "gone.csv")


@pytest.mark.parametrize(
    "start", ["<html><body><table>", "\ufeff\r\n<!DOCTYPE html>", "<table border=1>", "<meta charset=x>"]
)
def test_a_web_page_that_is_called_a_spreadsheet_is_refused_with_how_to_save_it(tmp_path, start):
    (tmp_path / "Export.xls").write_text(f"{start}<tr><td>Ort</td></tr>", "utf-8")
    with pytest.raises(DataError, match=r"Export\.xls is a web page \(HTML\), .*save it as CSV UTF-8"):
        contents(tmp_path / "Export.xls")


def test_xml_of_a_spreadsheet_program_is_refused_as_one(tmp_path):
    head = '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook/>'
    (tmp_path / "Export.xls").write_text(head)
    with pytest.raises(DataError, match=r"Export\.xls is a spreadsheet .*CSV UTF-8"):
        contents(tmp_path / "Export.xls")


@pytest.mark.parametrize(
    "entries",
    [
        (("[Content_Types].xml", "<Types/>"), ("word/document.xml", "<document/>")),
        (("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "<content/>")),
    ],
)
def test_a_document_of_another_kind_is_refused_with_how_to_save_it(tmp_path, entries):
    path = tmp_path / "projects.ods"
    zipped(path, *entries)
    with pytest.raises(DataError, match=r"projects\.ods is a spreadsheet .*not read\. Save it as xlsx, .*CSV UTF-8"):
        contents(path)
