#!/usr/bin/env python3
"""Writes exports that are full of planted names, addresses and prompts, and the list of all of them.

plant.py DIR [ROWS]    DIR gets items.csv, usage.csv, prompts.csv (the same without bad rows), people.csv,
                       memberships.csv, assignments.csv, names.txt (the 500 names, one a line) and
                       planted.txt (everything to search for)

Every column that docs/connectors.md calls a person or a prompt is filled, in rows that can be read
and in rows that cannot: a name where a number or a time belongs, too few and too many cells, bytes
that are no UTF-8, and a quote that never ends.
"""
import csv
import pathlib
import random
import sys
import unicodedata

PEOPLE = 500


def word(rng, length):
    return "".join(rng.choice("bcdfghjklmnpqrstvwxyz") + rng.choice("aeiou")
                   for _ in range(length // 2)).capitalize()


def people(rng):
    found = []
    for i in range(PEOPLE):
        first, last = word(rng, 8), word(rng, 12)
        if i % 10 == 0:
            last = "Ö" + last.lower() + "ß"
        found.append({"name": f"{first} {last}", "mail": f"{first}.{last}@planted.example".lower(),
                      "prompt": f"please tell {first} that {word(rng, 16)} was overheard"})
    return found


def noise(rng, words):
    """Text that is no prompt of anybody's, and does not compress to nothing."""
    digits = f"{rng.getrandbits(words * 32):x}"
    return " ".join(digits[i:i + 8] for i in range(0, len(digits), 8))


def bad_usage(person):
    """Rows of usage.csv that are refused, each by another rule, with what is planted inside."""
    who, prompt, name = person["mail"], person["prompt"], person["name"]
    time = "2026-07-01 10:00"
    return [["", time, who, prompt, "10", who], ["x0", name, who, prompt, "10", who],
            ["x1", time, who, prompt, name, who], ["x2", time, who, prompt, prompt, who],
            ["x3", time, who, prompt, "-5", name], ["x4", time, who, prompt],
            ["x5", time, who, prompt, "10", who, name, prompt]]


def write(path, header, rows, tail=b""):
    with open(path, "w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    with open(path, "ab") as out:
        out.write(tail)


def main():
    folder = pathlib.Path(sys.argv[1])
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 6000
    rng = random.Random(20260731)
    everyone = people(rng)
    folder.mkdir(parents=True, exist_ok=True)

    def pick(i):
        return everyone[i % PEOPLE]

    write(folder / "items.csv", ["item_id", "opened_at", "closed_at", "worker", "team", "size", "contact"],
          [[f"T{i}", "2026-07-01 09:00", "2026-07-02 09:00", pick(i)["name"], f"team {i % 7}",
            pick(i)["name"] if i % 50 == 7 else i % 90, pick(i)["mail"]] for i in range(rows)],
          (f'T-open,2026-07-01,2026-07-02,"{everyone[0]["name"]},a,3,{everyone[1]["mail"]}\n'
           f'T-last,2026-07-01,2026-07-02,"{everyone[2]["name"]}",a,3,{everyone[3]["mail"]}\n').encode())
    write(folder / "usage.csv", ["usage_id", "occurred_at", "worker", "prompt", "output_tokens", "note"],
          [[f"c{i}", "2026-07-01 10:00", pick(i)["mail"],
            pick(i)["prompt"] + " " + noise(rng, 60), i % 700,
            pick(i)["prompt"] + " " + pick(i)["prompt"]] for i in range(rows)]
          + [row for person in everyone[:40] for row in bad_usage(person)],
          b"c-bytes,2026-07-01 10:00," + everyone[2]["mail"].encode() + b"\xff\xfe,"
          + everyone[3]["prompt"].encode() + b"\xc3,7,\n")
    write(folder / "prompts.csv", ["usage_id", "occurred_at", "worker", "prompt"],
          [[f"p{i}", "2026-07-01 10:00", pick(i)["mail"],
            pick(i)["prompt"] + " " + noise(rng, 120)] for i in range(rows)])
    write(folder / "people.csv", ["alias", "worker"],
          [[p["mail"], p["name"]] for p in everyone] + [["", everyone[4]["name"]], [everyone[5]["mail"], ""]])
    write(folder / "memberships.csv", ["worker", "since", "team", "role"],
          [[p["name"], "2026-01-01", f"team {i % 7}", "agent"] for i, p in enumerate(everyone)]
          + [[everyone[6]["name"], everyone[6]["name"], "team 1", ""], [everyone[7]["name"], "", "", ""]])
    write(folder / "assignments.csv", ["plan", "unit_kind", "unit", "arm", "probability"],
          [["q", "worker", p["name"], "ai" if i % 2 else "none", "0.5"] for i, p in enumerate(everyone)]
          + [["q", everyone[8]["name"], everyone[8]["name"], "ai", "0.5"],
             ["q", "worker", everyone[9]["name"], everyone[9]["name"], everyone[9]["mail"]]])

    planted = set()
    for person in everyone:
        first, last = person["name"].split(" ")
        for text in (person["name"], last, person["mail"], person["prompt"]):
            for form in ("NFC", "NFD"):
                planted.add(unicodedata.normalize(form, text))
                planted.add(unicodedata.normalize(form, text.lower()))
    (folder / "names.txt").write_text("".join(p["name"] + "\n" for p in everyone), encoding="utf-8")
    (folder / "planted.txt").write_text("\n".join(sorted(planted)) + "\n", encoding="utf-8")


main()
