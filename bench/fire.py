"""Posts at a given pace from a process of its own, on its own schedule: `python -m bench.fire plan.json` prints what became of them.

As little as a client can be (the server shares the machine with it): kept connections, bytes made beforehand. A request is asked again, with
its key, when no answer came, the server failed, or its answer was thrown away on purpose, as a network does.
"""

import asyncio
import json
import sys
import time
from collections import deque
from pathlib import Path

HANDS, PATIENCE_SECONDS, TRIES = 24, 10.0, 4


class Line(asyncio.Protocol):
    """One kept connection: a request, an answer, the next request."""

    def __init__(self):
        self.transport, self.waiting, self.buffer = None, None, b""

    def connection_made(self, transport):
        self.transport = transport

    def connection_lost(self, error):
        self.transport = None
        if self.waiting and not self.waiting.done():
            self.waiting.set_result(0)

    def data_received(self, data):
        self.buffer += data
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        at = head.lower().find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(body) >= length:
            self.buffer = b""
            if self.waiting and not self.waiting.done():
                self.waiting.set_result(int(head[9:12]))
            if b"connection: close" in head.lower():
                self.transport.close()
                self.transport = None

    async def ask(self, request, patience):
        """The status of the answer, 0 for none."""
        self.waiting = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        try:
            return await asyncio.wait_for(self.waiting, patience)
        except TimeoutError:
            self.hang_up()
            return 0

    def hang_up(self):
        if self.transport:
            self.transport.abort()
        self.transport = None


class Client:
    def __init__(self, port):
        self.port, self.idle, self.free = port, deque(), asyncio.Semaphore(HANDS)

    async def ask(self, request, *, forget):
        async with self.free:
            line = await self._line()
            if forget:
                # Sent whole, then hung up on: the server does the work and nobody hears of it.
                line.transport.write(request)
                await asyncio.sleep(0.02)
                line.hang_up()
                return 0
            status = await line.ask(request, PATIENCE_SECONDS)
            if line.transport:
                self.idle.append(line)
            return status

    async def _line(self):
        while self.idle:
            line = self.idle.pop()
            if line.transport and not line.transport.is_closing():
                return line
        _transport, line = await asyncio.get_running_loop().create_connection(Line, "127.0.0.1", self.port)
        return line


async def post(client, request, due, forget):
    """`[status, seconds since it was due, times asked]`."""
    await asyncio.sleep(max(0.0, due - time.perf_counter()))
    for tried in range(1, TRIES + 1):
        try:
            status = await client.ask(request, forget=forget and tried == 1)
        except OSError:
            status = 0
        if 200 <= status < 500:
            break
    return [status, time.perf_counter() - due, tried]


async def fire(plan):
    client, began = Client(plan["port"]), time.perf_counter() + 0.3
    forget_every = plan.get("forget_every", 0)
    requests = [
        post(client, request.encode(), began + number / plan["per_second"], bool(forget_every) and number % forget_every == 7)
        for number, request in enumerate(plan["requests"])
    ]
    answers = await asyncio.gather(*requests)
    return {"answers": answers, "seconds": time.perf_counter() - began, "cpu_seconds": time.process_time()}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(fire(json.loads(Path(sys.argv[1]).read_text())))))
