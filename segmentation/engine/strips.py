"""Row by row work on matrices of every account, a strip at a time: a strip stays in the processor's cache, and every core has one."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

STRIP = 16_384  # accounts


def in_strips(many: int, work: Callable[[slice], None]) -> None:
    """`work(rows)` for slices that cover `many` rows, on every core: numpy lets go of the interpreter while it works. Raises what `work` raises."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for _ in pool.map(work, [slice(start, start + STRIP) for start in range(0, many, STRIP)]):
            pass
