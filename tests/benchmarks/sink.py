"""A mail server that takes every letter and keeps none: ``python -m tests.benchmarks.sink PORT DELAY``.

DELAY: seconds that it takes over each letter.
"""

import asyncio
import sys

REPLIES = {b"EHLO": b"250 sink", b"MAIL": b"250 ok", b"RCPT": b"250 ok", b"DATA": b"354 go on", b"QUIT": b"221 bye"}


class Sink(asyncio.Protocol):
    delay = 0.0

    def __init__(self) -> None:
        self._left, self._in_text = b"", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self._left += data
        while True:
            if self._in_text:
                _, mark, rest = self._left.partition(b"\r\n.\r\n")
                if not mark:
                    return
                self._left, self._in_text = rest, False
                asyncio.get_running_loop().call_later(self.delay, self._transport.write, b"250 taken\r\n")
                continue
            line, mark, rest = self._left.partition(b"\r\n")
            if not mark:
                return
            self._left = rest
            self._in_text = line == b"DATA"
            self._transport.write(REPLIES.get(line[:4], b"250 ok") + b"\r\n")


async def serve(port: int, delay: float) -> None:
    Sink.delay = delay
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
