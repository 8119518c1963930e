#!/usr/bin/env python3
"""Published numbers, and what assay makes of the same data.

    replicate.py ASSAY EXAMPLE DATA                  one example (a folder beside this file)
    replicate.py ASSAY KERNELS --page FOLDER         all of them, as Markdown, on FOLDER/NAME each
    replicate.py ASSAY KERNELS --check PAGE FOLDER   exit status 1 unless PAGE says the same

An example's replication.json names what to import, what to ask of `assay compare`, and where the
published number stands in the data's ANSWERS.json. KERNELS is the program of kernels/, which runs
estimators of libassay; kernels/published.json names its numbers and the published ones. A number is
reproduced when it rounds to the published one at the decimals that were published.
"""

import json
import math
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def examples():
    return sorted(name for name in os.listdir(HERE)
                  if os.path.exists(os.path.join(HERE, name, "replication.json")))


def run(arguments, folder):
    done = subprocess.run(arguments, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, check=False)
    if done.returncode > 1 or (done.returncode == 1 and not done.stdout):
        raise SystemExit(f"replicate: {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout


def workspace(assay, example, described, data, folder):
    here = os.path.join(HERE, example)
    run([assay, "init", folder, "--own-data", "--timezone", "UTC"], HERE)
    for kind in ("connectors", "metrics", "plans"):
        if os.path.isdir(os.path.join(here, kind)):
            shutil.copytree(os.path.join(here, kind), os.path.join(folder, kind),
                            dirs_exist_ok=True)
    if os.path.exists(os.path.join(here, "use_cases.yaml")):
        shutil.copy(os.path.join(here, "use_cases.yaml"), folder)
    for connector, *files in described["import"]:
        run([assay, "import", connector, *(os.path.join(data, name) for name in files)], folder)
    for command in described.get("then", []):
        run([assay, *command], folder)


def ask(assay, folder, arguments):
    return json.loads(run([assay, "compare", *arguments, "--format", "json"], folder))["rows"][0]


def dig(tree, path):
    for step in path:
        tree = tree[step]
    return tree


def standard_error(comparison):
    """Half the interval over the quantile of Student's t that the program used."""
    low, high = comparison["interval"]
    return (high - low) / 2 / student_quantile(comparison["df"], (1 + comparison["level"]) / 2)


def student_quantile(df, p):
    """By Simpson's rule and halving, to more digits than any table prints."""
    def density(x):
        return math.exp(math.lgamma((df + 1) / 2) - math.lgamma(df / 2)
                        - (df + 1) / 2 * math.log1p(x * x / df)) / math.sqrt(df * math.pi)

    def below(x, steps=2000):
        h = x / steps
        inner = sum(density(i * h) * (4 if i % 2 else 2) for i in range(1, steps))
        return 0.5 + (density(0) + inner + density(x)) * h / 3

    low, high = 0.0, 100.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) < p else (low, middle)
    return low


def read(row, what):
    comparison = row["comparison"]
    if what == "se":
        return standard_error(comparison)
    named = {"effect": ["effect"], "low": ["interval", 0], "high": ["interval", 1],
             "baseline": ["arms", 0, "value"], "value": ["arms", 1, "value"]}
    return dig(comparison, named.get(what) or
               [int(step) if step.isdigit() else step for step in what.split(".")])


def rounded(number, decimals):
    text = f"{number:,.{decimals}f}"
    return text.replace("-", "−")


def line(row, ours, answers):
    """(whether it was reproduced or is known to differ, a row of the table)"""
    ours *= row.get("times", 1)
    theirs = dig(answers, row["answer"])
    decimals = row["decimals"]
    same = rounded(ours, decimals) == rounded(theirs, decimals)
    differs = row.get("differs")
    text = (f"| {row['what']} | {rounded(theirs, decimals)} | {rounded(ours, decimals)} | "
            f"{'reproduced' if same else differs or 'NOT REPRODUCED'} |")
    return same or differs is not None, text


def replicate(assay, example, data):
    """(whether all was reproduced, Markdown)"""
    with open(os.path.join(HERE, example, "replication.json"), encoding="utf-8") as file:
        described = json.load(file)
    with open(os.path.join(data, "ANSWERS.json"), encoding="utf-8") as file:
        answers = json.load(file)
    lines = [f"## {described['title']}", "", f"{described['source']}. `examples/{example}`", "",
             "| | published | assay | |", "| --- | ---: | ---: | --- |"]
    good = True
    asked = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = os.path.join(scratch, example)
        workspace(assay, example, described, data, folder)
        for row in described["rows"]:
            arguments = tuple(row["ask"])
            if arguments not in asked:
                asked[arguments] = ask(assay, folder, arguments)
            fine, text = line(row, read(asked[arguments], row["read"]), answers)
            good = good and fine
            lines.append(text)
        default = (asked.get(tuple(described["default"]))
                   or ask(assay, folder, described["default"]))
        lines += ["", f"By default (`assay compare {' '.join(described['default'])}`) assay says: "
                      f"**{default['verdict']['word'].replace('_', ' ')}**. {default['sentence']}"]
    if described.get("why"):
        lines += ["", described["why"]]
    return good, "\n".join(lines) + "\n"


HEAD = """# Replications

Published studies whose data are public and whose designs assay knows, run through the program: import,
comparison, verdict. Then [kernels of libassay](#kernels-of-libassay-against-published-numbers) on studies
that are no comparison of two arms, and [what is not here](#not-here). Made by `examples/replicate.py` and
held by a test; each example folder has the connector, the metrics and, where there is one, the plan. The
data are not part of assay.
"""

KERNELS = """# Kernels of libassay against published numbers

`examples/kernels` links libassay and calls its public headers on the data as published. There is no import
and no verdict here.
"""


def kernels(program, data):
    """(whether all was reproduced, Markdown) of what is estimated without a workspace"""
    with open(os.path.join(HERE, "kernels", "published.json"), encoding="utf-8") as file:
        described = json.load(file)
    found = {name: float(value) for name, value in
             (text.split() for text in run([program, data], HERE).splitlines())}
    good = True
    parts = [KERNELS]
    for study in described["studies"]:
        with open(os.path.join(data, study["data"], "ANSWERS.json"), encoding="utf-8") as file:
            answers = json.load(file)
        headers = " and ".join(f"`assay/{name}`" for name in study["kernel"])
        lines = [f"## {study['title']}", "", f"{study['source']}. {headers}", "",
                 "| | published | libassay | |", "| --- | ---: | ---: | --- |"]
        for row in study["rows"]:
            fine, text = line(row, found[row["read"]], answers)
            good = good and fine
            lines.append(text)
        parts.append("\n".join([*lines, "", study["why"]]) + "\n")
    parts.append("\n".join(["# Not here", "",
                            "Of the public data that assay is tested with, these are not replicated:",
                            "", *(f"- {name}: {why}" for name, why in described["not_here"])])
                 + "\n")
    return good, "\n".join(parts)


def page(assay, program, data):
    good = True
    parts = [HEAD]
    for example in examples():
        with open(os.path.join(HERE, example, "replication.json"), encoding="utf-8") as file:
            folder = os.path.join(data, json.load(file)["data"])
        same, text = replicate(assay, example, folder)
        good = good and same
        parts.append(text)
    same, text = kernels(program, data)
    return good and same, "\n".join([*parts, text])


def main(arguments):
    if len(arguments) == 3:
        good, text = replicate(os.path.abspath(arguments[0]),
                               os.path.basename(arguments[1].rstrip("/")),
                               os.path.abspath(arguments[2]))
        print(text, end="")
    elif len(arguments) == 4 and arguments[2] == "--page":
        good, text = page(*(os.path.abspath(arguments[i]) for i in (0, 1, 3)))
        print(text, end="")
    elif len(arguments) == 5 and arguments[2] == "--check":
        good, text = page(*(os.path.abspath(arguments[i]) for i in (0, 1, 4)))
        with open(arguments[3], encoding="utf-8") as file:
            if file.read() != text:
                print(f"{arguments[3]} says something else; --page FOLDER > {arguments[3]} mends it")
                good = False
        print("replications: all reproduced" if good else "replications: not all reproduced")
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
