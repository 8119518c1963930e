#!/usr/bin/env python3
"""Writes a registry anew as if its lines had been appended on a day: backdate.py REGISTRY DAY
Prints the number of lines and the head, for the database that counts them."""

import hashlib
import json
import sys

path, day = sys.argv[1:]
head, out = "0" * 64, []
for line in open(path):
    entry = json.loads(line)
    entry["at"] = day + entry["at"][10:]
    entry["prev"] = head
    out.append(json.dumps(entry, separators=(",", ":"), ensure_ascii=False) + "\n")
    head = hashlib.sha256(out[-1].encode()).hexdigest()
open(path, "w").writelines(out)
print(len(out), head)
