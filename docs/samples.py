"""`make samples`: two decks as a director would get them, one in each language, from a synthetic utility that this script runs and throws away.

They are written to `var/samples/` and not kept in Git.
"""

import sys

from config.embedded.paths import REPO
from docs.screenshots import Product

FOLDER = REPO / "var" / "samples"
DECKS = [("behaviour", "zh-hans", "客户行为分析报告"), ("tiers", "en", "Tier report")]


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    with Product() as product:
        for kind, language, name in DECKS:
            for format in ("pptx", "pdf"):
                file = FOLDER / f"{name}.{format}"
                product.manage("report", kind, "--format", format, "--language", language, "--out", str(file))
                print(f"{file.relative_to(REPO)}  {file.stat().st_size:,} bytes")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
