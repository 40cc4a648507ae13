"""Reads live events as a page does, and fails on whatever the page need not understand."""

import asyncio
import json
import time

NAMES = ["status", "progress", "output", "preview", "history", "gone"]


def read_event(block):
    """Returns (name, data) of what stands between two blank lines; None for a comment."""
    if block == ": keep-alive":
        return None
    lines = block.split("\n")
    assert len(lines) == 2, block[:200]
    (first, name), (second, data) = [line.split(": ", 1) for line in lines]
    assert (first, second) == ("event", "data") and name in NAMES, block[:200]
    assert "\r" not in data and data.isascii(), block[:200]
    data = json.loads(data)
    assert isinstance(data["prompt_id"], str)
    return name, data


class Follower:
    """Follows one run. `events` has (name, data)."""

    def __init__(self, client, path, method="POST", body="{}", headers=None):
        self.asking = client.request(method, path, data=body, headers=headers)
        self.events, self.comments, self.text = [], 0, ""
        self.is_over = False

    async def __aenter__(self):
        self.reply = await self.asking
        self.reading = asyncio.create_task(self.read())
        return self

    async def __aexit__(self, *_):
        self.reading.cancel()
        self.reply.close()

    async def read(self):
        async for data in self.reply.content.iter_any():
            self.text += data.decode("ascii")
            *blocks, self.text = self.text.split("\n\n")
            for block in blocks:
                found = read_event(block)
                if found is None:
                    self.comments += 1
                else:
                    self.events.append(found)
        assert not self.text, "it ends in the middle of an event"
        self.is_over = True

    async def until(self, is_there, seconds=5):
        """Waits until `is_there(self)`."""
        end = time.monotonic() + seconds
        while not is_there(self):
            if self.reading.done():
                self.reading.result()
                assert is_there(self), f"the stream ended: {self.names()}"
            assert time.monotonic() < end, f"{seconds} s have passed: {self.names()}"
            await asyncio.sleep(0.005)

    async def first(self, name, seconds=5):
        """Returns the data of the first event of a name, as soon as there is one."""
        await self.until(lambda self: name in self.names(), seconds)
        return self.all(name)[0]

    async def end(self, seconds=5):
        """Waits until the stream is over; returns the events."""
        await self.until(lambda self: self.is_over, seconds)
        return self.events

    def names(self):
        return [name for name, _ in self.events]

    def all(self, name):
        return [data for other, data in self.events if other == name]
