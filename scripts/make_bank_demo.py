# /// script
# requires-python = ">=3.11"
# dependencies = ["zopfli>=0.2"]
# ///
"""Make src/scoreline/demo/bank.csv.gz from UCI Bank Marketing's bank-full.csv.

    uv run scripts/make_bank_demo.py bank-full.csv

The source (https://archive.ics.uci.edu/dataset/222, CC BY 4.0) has semicolons and 17 columns. Here
`duration` goes, since it is known only after the call; the row number comes first as the key
`client`; `y` is called `deposit`. Values and their order stay as they are.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
from pathlib import Path

HERE = Path(__file__).parent
LEFT_OUT = "duration"
RENAMED = {"y": "deposit"}


def converted(source: Path) -> bytes:
    """The bundled file's bytes before packing."""
    packed = source.read_bytes()
    text = (gzip.decompress(packed) if source.suffix == ".gz" else packed).decode()
    rows = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in text else ",")
    columns = [name for name in rows.fieldnames or () if name != LEFT_OUT]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["client", *(RENAMED.get(name, name) for name in columns)])
    for number, row in enumerate(rows, start=1):
        writer.writerow([number, *(row[name] for name in columns)])
    return out.getvalue().encode()


def main() -> None:
    """Write the packed file; zopfli packs a tenth smaller than gzip."""
    from zopfli import gzip as packer  # type: ignore[import-not-found]

    packed = packer.compress(converted(Path(sys.argv[1])), numiterations=15)
    (HERE.parent / "src/scoreline/demo/bank.csv.gz").write_bytes(packed)


if __name__ == "__main__":
    main()
