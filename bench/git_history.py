#!/usr/bin/env python3
"""Writes a made-up history for `git fast-import`: git_history.py COMMITS.

The same number of commits gives the same bytes. Forty people change 200 files; a quarter of the
commits name an AI; a fifth are fixes of files that changed recently.
"""
import random
import sys

PEOPLE = 40
FILES = 200
TRAILER = "\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n"


def blob(text):
    data = text.encode()
    return b"data %d\n%s\n" % (len(data), data)


def main():
    commits = int(sys.argv[1])
    draw = random.Random(20260701)
    files = {}
    out = sys.stdout.buffer
    recent = []
    when = 1_767_225_600  # 2026-01-01
    for number in range(1, commits + 1):
        when += draw.randrange(600, 7200)
        fix = recent and draw.random() < 0.2
        names = [draw.choice(recent)] if fix else [
            f"src/part{draw.randrange(20)}/file{draw.randrange(FILES)}.txt"
            for _ in range(draw.choice((1, 1, 1, 2, 3, 8)))]
        changed = {}
        for name in sorted(set(names)):
            lines = files.setdefault(name, [])
            at = draw.randrange(len(lines) + 1)
            gone = min(draw.choice((0, 1, 2, 5)), len(lines) - at)
            added = draw.choice((1, 2, 5, 10, 40))
            lines[at:at + gone] = [
                f"line {number}.{i} {draw.getrandbits(64):016x}" for i in range(added)]
            changed[name] = "\n".join(lines) + "\n"
        recent = (recent + names)[-30:]
        person = draw.randrange(PEOPLE)
        message = f"Fix what {number} broke" if fix else f"Change {number}"
        message += TRAILER if draw.random() < 0.25 else "\n"
        who = f"Person {person} <person{person}@example.org> {when} +0000"
        out.write(b"commit refs/heads/main\nmark :%d\n" % number)
        out.write(f"author {who}\ncommitter {who}\n".encode())
        out.write(blob(message))
        for name, text in changed.items():
            out.write(f"M 100644 inline {name}\n".encode())
            out.write(blob(text))
        out.write(b"\n")


main()
