"""Trims the Bot API as JSON (PaulSonOfLars/telegram-bot-api-spec, api.json) to what the fake checks.

    python3 trim_spec.py api.json > bot-api-10.1.json

Kept: names, types, required flags, what a method returns, and of the descriptions the sentences that carry a limit.
"""

import json
import re
import sys

LIMIT = re.compile(
    r"\d-\d+ |\d-\d+[.,;]?$|\bup to \d|[Aa]t most \d|between \d|[Mm]ust be|always|[Oo]nly characters|"
    r"only lowercase|only A-Z|two-letter|entit(?:y|ies) parsing"
)


def field(of):
    kept = [of["types"], of["required"]]
    sentences = re.split(r"(?<=[.;]) +", of["description"])
    limits = " ".join(one for one in sentences if LIMIT.search(one)).replace("“", '"').replace("”", '"')
    return kept + [limits] if limits else kept


def entry(of, method):
    made = {"returns": of["returns"]} if method else {}
    if "subtypes" in of:
        made["subtypes"] = of["subtypes"]
    else:
        made["fields"] = {one["name"]: field(one) for one in of.get("fields", [])}
    return json.dumps(made, ensure_ascii=False)


def table(entries, method):
    return ",\n".join(f"    {json.dumps(name)}: {entry(of, method)}" for name, of in sorted(entries.items()))


spec = json.load(open(sys.argv[1], encoding="utf-8"))
print("{")
print('  "source": "PaulSonOfLars/telegram-bot-api-spec, trimmed by trim_spec.py",')
print(f'  "version": {json.dumps(spec["version"])}, "release_date": {json.dumps(spec["release_date"])},')
print('  "methods": {\n' + table(spec["methods"], True) + "\n  },")
print('  "types": {\n' + table(spec["types"], False) + "\n  }\n}")
