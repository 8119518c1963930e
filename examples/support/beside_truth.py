#!/usr/bin/env python3
"""beside_truth.py TRUTH REPORT: what was planted in the desk, beside what the report found."""
import json
import sys


def percent(x):
    return "–" if x is None else f"{x * 100:+.0f} %".replace("-", "−")


def main():
    truth = json.load(open(sys.argv[1]))
    rows = {r["use_case"]: r for r in json.load(open(sys.argv[2]))["rows"]}
    print(f'{"":19}{"planted":>9}   {"found":>9}   interval')
    for use_case, planted in truth.items():
        row = rows[use_case]
        parts = [("the quarter", planted["change_time_to_complete"], row["change"]),
                 ("AI's part", planted["effect_time_to_complete"], row["comparison"])]
        print(use_case)
        for name, wanted, found in parts:
            if found.get("effect") is None:
                print(f'  {name:<17}{percent(wanted):>9}   {found["reason"]}')
                continue
            low, high = found["interval"]
            inside = wanted is not None and low <= wanted <= high
            print(f'  {name:<17}{percent(wanted):>9}   {percent(found["effect"]):>9}   '
                  f'({percent(low)} … {percent(high)}){"" if inside else "  not in it"}')
        naive = (row["comparison"].get("naive") or {}).get("effect")
        if naive is not None:
            print(f'  {"(naive)":<17}{"":>9}   {percent(naive):>9}   from the landmark on, not like with like')


main()
