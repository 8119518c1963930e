#!/usr/bin/env python3
"""Turns the SQL files of src/ and everything in builtin/ into one C table of texts.

embed.py --list                           prints the paths, relative to the project's root
embed.py --out C --root ROOT FILE...      writes the table; names drop the leading src/ or builtin/
embed.py --out C --root ROOT --table NAME FILE...    the same under another name than embedded_files
"""
import pathlib
import sys


def listed(root):
    found = sorted(root.glob("src/**/*.sql"))
    found += sorted(p for p in root.glob("builtin/**/*") if p.is_file())
    return [p.relative_to(root).as_posix() for p in found]


def literal(data):
    lines = data.split(b"\n")
    out = []
    for i, line in enumerate(lines):
        if i + 1 < len(lines):
            line += b"\n"
        text = "".join(
            {34: '\\"', 92: "\\\\", 10: "\\n", 63: "\\?"}.get(b)
            or (chr(b) if 32 <= b < 127 else "\\%03o" % b)
            for b in line)
        if text:
            out.append('     "%s"' % text)
    return "\n".join(out) or '     ""'


def main():
    if sys.argv[1] == "--list":
        print("\n".join(listed(pathlib.Path(__file__).resolve().parent.parent)))
        return
    out, root, table, files = sys.argv[2], pathlib.Path(sys.argv[4]), "embedded_files", sys.argv[5:]
    if files[:1] == ["--table"]:
        table, files = files[1], files[2:]
    rows = []
    for name in files:
        path = pathlib.Path(name).resolve().relative_to(root.resolve()).as_posix()
        key = path.split("/", 1)[1]
        rows.append('    {"%s",\n%s},' % (key, literal(pathlib.Path(name).read_bytes())))
    with open(out, "w") as f:
        f.write('#include "base/embedded.h"\n\nconst struct embedded %s[] = {\n' % table)
        f.write("\n".join(rows))
        f.write("\n    {0, 0}};\n")


main()
