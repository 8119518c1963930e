"""The draw of docs/plans.md, written from its recipe.

draw.py arms KEYFILE PLAN PROBABILITY [TAKEN]     lines "stratum<tab>unit" -> "unit<tab>arm"
draw.py equal KEYFILE PLAN ARMS                   the same, of more than two arms
draw.py waves KEYFILE PLAN WAVES                  the same -> "unit<tab>number of the wave"

Arms are 0 and 1, and so on. Units are as they are stored; TAKEN places of each stratum are taken already.
"""
import hashlib
import math
import sys


def number(key, *lines):
    text = "\n".join(("assign",) + lines).encode()
    return int.from_bytes(hashlib.blake2b(text, key=key, digest_size=16).digest()[:8], "big")


def block_size(p):
    for size in range(2, 21):
        if abs(size * p - round(size * p)) < 1e-9:
            return size if size >= 4 else 2 * size
    return 10


def order(key, plan, stratum, block, size):
    return sorted(range(size), key=lambda i: number(key, plan, "place", stratum, str(block), str(i)))


def arm(key, plan, stratum, place, p):
    size = block_size(p)
    block, at = divmod(place, size)
    start = number(key, plan, "start", stratum) / 2**64
    count = math.floor((block + 1) * size * p + start) - math.floor(block * size * p + start)
    return int(at in order(key, plan, stratum, block, size)[:count])


def main():
    what, key_file, plan, number_of = sys.argv[1:5]
    taken = int(sys.argv[5]) if len(sys.argv) > 5 else 0
    with open(key_file, "rb") as file:
        key = file.read()
    strata = {}
    for line in sys.stdin:
        stratum, unit = line.rstrip("\n").split("\t")
        strata.setdefault(stratum, []).append(unit)
    for stratum, units in strata.items():
        for i, unit in enumerate(sorted(units, key=lambda u: number(key, plan, "order", u))):
            if what == "arms":
                print(f"{unit}\t{arm(key, plan, stratum, taken + i, float(number_of))}")
            elif what == "equal":
                arms = int(number_of)
                size = arms if arms >= 4 else 2 * arms
                block, at = divmod(taken + i, size)
                print(f"{unit}\t{order(key, plan, stratum, block, size).index(at) * arms // size}")
            else:
                waves = int(number_of)
                block, at = divmod(taken + i, waves)
                print(f"{unit}\t{order(key, plan, stratum, block, waves).index(at)}")


main()
