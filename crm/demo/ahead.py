"""Two cores at once: the next rows are drawn while PostgreSQL takes the last ones in."""

import contextlib
import queue
import threading

_END = object()


def ahead(items, most=2):
    """The items of an iterator in their order, made by a thread of their own, at most `most` of them waiting.

    What the iterator raises is raised here; when the reader stops early the thread ends after the item it is at. The iterator must
    not use the database: its connection belongs to the reader.
    """
    waiting, stop = queue.Queue(most), threading.Event()

    def hand_over(item):
        while not stop.is_set():
            with contextlib.suppress(queue.Full):
                waiting.put(item, timeout=0.2)
                return

    def make():
        try:
            for item in items:
                hand_over((item, None))
                if stop.is_set():
                    return
            hand_over((_END, None))
        except BaseException as error:
            hand_over((_END, error))

    maker = threading.Thread(target=make, name="ahead", daemon=True)
    maker.start()
    try:
        while True:
            item, error = waiting.get()
            if error is not None:
                raise error
            if item is _END:
                return
            yield item
    finally:
        stop.set()
        maker.join()
