"""The hash text of docs/hash-text.md in plain Python: checks or prints test vectors.

    python3 hash-text.py hash-vectors.tsv    prints each line of the file with its hashes computed anew

A line is: text, hash, values, MD5, SHA-1, SHA-256, separated by tabs; lines without hashes get them. Values are a JSON list of
[name, type, value]; a value is null or a text, of binary columns in hex.
"""

import datetime
import decimal
import hashlib
import json
import re
import struct
import sys

decimal.getcontext().prec = 60


def own_text(kind, value):
    if kind in ("string", "boolean", "int", "bigint", "date"):
        return value
    if kind == "binary":
        return value.lower()
    if kind == "timestamp":
        return instant(value).strftime("%Y-%m-%dT%H:%M:%S.%fZ").zfill(27)
    if kind.startswith("decimal"):
        return plain_decimal(kind, value)
    number = float(value)
    if kind == "float":
        number = single(number)
    return "7ff8000000000000" if number != number else struct.pack(">d", number + 0.0).hex()


def spark_text(kind, value):
    """What Spark casts the value to; bytes."""
    if kind == "binary":
        return bytes.fromhex(value)
    if kind == "timestamp":
        at = instant(value)
        fraction = f".{at.microsecond:06}".rstrip("0").rstrip(".")
        return (f"{at.year:04}-" + at.strftime("%m-%d %H:%M:%S") + fraction).encode()
    if kind.startswith("decimal"):
        return plain_decimal(kind, value).encode()
    if kind in ("float", "double"):
        return java_number(kind, value).encode()
    return value.encode()


def instant(value):
    return datetime.datetime.fromisoformat(value).astimezone(datetime.timezone.utc)


def plain_decimal(kind, value):
    scale = int(re.search(r",(\d+)\)", kind).group(1))
    return f"{decimal.Decimal(value).quantize(decimal.Decimal(1).scaleb(-scale)):f}"


def single(number):
    return struct.unpack(">f", struct.pack(">f", number))[0]


def java_number(kind, value):
    number = float(value)
    if number != number:
        return "NaN"
    if number in (float("inf"), float("-inf")):
        return "Infinity" if number > 0 else "-Infinity"
    if number == 0:
        return "-0.0" if str(number).startswith("-") else "0.0"
    if kind == "float":
        digits = next(f"{number:.{n}g}" for n in range(1, 10) if single(float(f"{number:.{n}g}")) == single(number))
    else:
        digits = repr(number)
    sign, figures, exponent = decimal.Decimal(digits).normalize().as_tuple()
    point = len(figures) + exponent
    figures = "".join(map(str, figures))
    if -3 < point <= 7:
        figures = figures.ljust(point, "0") if point > 0 else figures
        text = (figures[:point] or "0") + "." + (("0" * -point + figures[max(point, 0):]) or "0")
    else:
        text = figures[0] + "." + (figures[1:] or "0") + "E" + str(point - 1)
    return "-" * sign + text


def own(hash_of, values):
    if hash_of == "deletion":
        return b"d"
    part = lambda text: f"{len(text.encode())}:{text}"
    if hash_of == "key":
        texts = ["n" if v is None else part(own_text(t, v)) for _, t, v in values]
    else:
        texts = [part(n) + part(own_text(t, v)) for n, t, v in sorted(values, key=lambda c: c[0]) if v is not None]
    return "".join(texts).encode()


def automate_dv(hash_of, values, upper=True):
    if hash_of == "difference":
        values = sorted(values, key=lambda column: column[0].lower())

    def standard(kind, value):
        text = spark_text(kind, value).strip(b" ") if value is not None else b""
        text = text.decode().upper().encode() if upper else text
        return text or None

    texts = [standard(t, v) for _, t, v in values]
    if hash_of == "key" and len(texts) == 1:
        return texts[0]
    if hash_of == "key" and all(text in (None, b"^^") for text in texts):
        return None
    return b"||".join(b"^^" if text is None else text for text in texts)


def datavault4dbt(hash_of, values, key_upper=True, diff_upper=False, shortened=False):
    def quoted(kind, value):
        text = spark_text(kind, value).decode().strip(" ")
        text = text.replace("\\", "\\\\").replace('"', "dv4dbt-quote-replacement")
        text = text.replace("^^", "dv4dbt-null-replacement").replace("||", "dv4dbt-concat-replacement")
        return f'"{text}"'

    text = "||".join("^^" if v is None else quoted(t, v) for _, t, v in values)
    text = text.upper() if (key_upper if hash_of == "key" else diff_upper) else text
    text = re.sub("[\t\n\x0b\f\r\x85\u2028\u2029]", "", text)
    if text == "||".join(["^^"] * len(values)):
        return None
    if shortened and hash_of == "difference":
        text = text.rstrip("^|")
    return text.encode()


TEXTS = {
    "veralake": own,
    "automate-dv": automate_dv,
    "automate-dv casing=as-is": lambda h, v: automate_dv(h, v, upper=False),
    "datavault4dbt": datavault4dbt,
    "datavault4dbt hashdiff-rtrim": lambda h, v: datavault4dbt(h, v, shortened=True),
    "datavault4dbt key-casing=as-is hashdiff-casing=upper": lambda h, v: datavault4dbt(h, v, False, True),
}


def hashes(rules, hash_of, values):
    text = TEXTS[rules](hash_of, values)
    for algorithm in ("md5", "sha1", "sha256"):
        if text is not None:
            yield hashlib.new(algorithm, text).hexdigest()
        else:
            zeros = "0" * (2 * hashlib.new(algorithm).digest_size)
            yield zeros if rules.startswith("datavault4dbt") else "null"


for line in open(sys.argv[1], encoding="utf-8"):
    rules, hash_of, values = line.rstrip("\n").split("\t")[:3]
    print(rules, hash_of, values, *hashes(rules, hash_of, json.loads(values)), sep="\t")
