#!/usr/bin/env python3
"""Searches every byte of files and folders for texts: search.py TEXTS PATH...

TEXTS holds one text a line; small and capital letters of ASCII are the same. What the engine packed
(Zstandard frames, as in its temporary files) is unpacked and searched, too, and so are its sort
keys, in which each byte of a text is greater by one. Prints "bytes searched N, hits M" and, for at
most five hits, the file. Exit status 0, whatever was found.
"""
import ctypes
import pathlib
import subprocess
import sys
import tempfile

MAGIC = b"\x28\xb5\x2f\xfd"
FRAME_MOST = 64 << 20
zstd = ctypes.CDLL("libzstd.so.1")
for name in ("ZSTD_findFrameCompressedSize", "ZSTD_decompress"):
    getattr(zstd, name).restype = ctypes.c_size_t
zstd.ZSTD_getFrameContentSize.restype = ctypes.c_ulonglong


def unpacked(data):
    """The contents of all frames that begin anywhere in data and can be unpacked."""
    at = data.find(MAGIC)
    while at >= 0:
        rest = data[at:at + (1 << 20)]
        size = zstd.ZSTD_getFrameContentSize(rest, ctypes.c_size_t(len(rest)))
        packed = zstd.ZSTD_findFrameCompressedSize(rest, ctypes.c_size_t(len(rest)))
        if not zstd.ZSTD_isError(ctypes.c_size_t(packed)) and size <= FRAME_MOST:
            out = ctypes.create_string_buffer(size)
            got = zstd.ZSTD_decompress(out, ctypes.c_size_t(size), rest, ctypes.c_size_t(packed))
            if got == size:
                yield out.raw
        at = data.find(MAGIC, at + 1)


def hits(texts, path):
    found = subprocess.run(["grep", "-aoFi", "-f", texts, "--", path], stdout=subprocess.PIPE,
                           env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}, check=False)
    if found.returncode > 1:
        sys.exit("grep failed")
    return found.stdout.count(b"\n")


def patterns(texts):
    """The texts, and as sort keys have them."""
    out = tempfile.NamedTemporaryFile()
    for line in pathlib.Path(texts).read_bytes().splitlines():
        out.write(line + b"\n" + bytes((byte + 1) % 256 for byte in line) + b"\n")
    out.flush()
    return out


def main():
    wanted = patterns(sys.argv[1])
    texts = wanted.name
    searched = found = shown = 0
    for argument in map(pathlib.Path, sys.argv[2:]):
        if not argument.exists():
            sys.exit(f"{argument} is not there")
        for path in sorted(argument.rglob("*")) if argument.is_dir() else [argument]:
            if not path.is_file():
                continue
            data = path.read_bytes()
            with tempfile.NamedTemporaryFile() as copy:
                for part in unpacked(data):
                    copy.write(part + b"\n")
                copy.flush()
                searched += len(data) + copy.tell()
                count = hits(texts, path) + hits(texts, copy.name)
            if count and shown < 5:
                print(f"{count} in {path}")
                shown += 1
            found += count
    print(f"bytes searched {searched}, hits {found}")


main()
