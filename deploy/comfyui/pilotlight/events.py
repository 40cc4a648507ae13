"""Live events of a run as `text/event-stream`: its place in the queue, the progress of its nodes,
previews, outputs as soon as they exist, and its history entry at the end.

A client that connects receives the present state; nothing is replayed. Each event replaces the
earlier ones of its kind, except for outputs.

Invariant: there is no queue of events. A client remembers which events it has received, and receives
the newest ones when everything written before has left the process.
Invariant: a stream contains events of the run in its address, and of no other.
"""

import asyncio
import json
import logging
import socket
import time

from aiohttp import web

from .guard import JSON_BYTES, READ_S
from .places import BREATH_S, ENDED, NOWHERE_S, TICK_S
from .previews import preview_of
from .refusal import Refusal

PROGRESS_S = 0.2  # the shortest time between two `progress` events
PREVIEW_S = 0.5  # the same for `preview`
KEEP_ALIVE_S = 10.0  # the longest time without a byte
STALL_S = 30.0  # how long a client may read nothing before its connection is closed
STREAMS = 256  # the limit of concurrent streams
SLICE_BYTES = 32 * 1024  # long events are written in slices
UNSENT_BYTES = 16 * 1024  # how many unsent bytes the system's socket may hold

RUNNING = ("running", {"state": "running"})
KEEP_ALIVE = b": keep-alive\n\n"


def event(name, prompt_id, **more):
    """Returns an event as bytes. Its data is one line: JSON escapes line breaks and all that is not
    ASCII."""
    data = json.dumps({"prompt_id": prompt_id, **more})
    return f"event: {name}\ndata: {data}\n\n".encode()


class Run:
    """The newest events of one run, made once for all clients that follow it."""

    def __init__(self, prompt_id):
        self.prompt_id, self.clients = prompt_id, set()
        self.record, self.wants_images = None, False
        self.status = self.progress = self.preview = self.last = None  # the newest event of each kind
        self.outputs = []
        self.is_over = False
        self.token = None  # the state in `status`
        self.seen = time.monotonic()  # when the run was last in the queue
        self.collected = None, 0, 0  # the record, its version in `progress`, its number of `outputs`
        self.progress_due = self.preview_due = 0.0
        self.image = self.encoding = None

    def attach(self, record):
        """Sets the record of the run. Called by the executor's thread too, so the order matters here
        and in `update_wants`: whoever comes second sees what the first one has written."""
        self.record = record
        record.wants_images = self.wants_images

    def update_wants(self):
        """Notes whether a client wants previews, after clients have changed."""
        self.wants_images = any(client.previews for client in self.clients)
        if self.record is not None:
            self.record.wants_images = self.wants_images

    async def judge(self, state, now, history):
        """Makes events of what has changed, and wakes the clients if anything has. `state` is from
        `Places`, `history` is the core's handler of `/history/{prompt_id}`."""
        before = self.status, self.progress, len(self.outputs), self.is_over
        last = None
        if state is ENDED:
            last = await self.entry(history)
        elif state is not None:
            self.seen = now
        elif now - self.seen >= NOWHERE_S:
            last = event("gone", self.prompt_id)
        if self.is_over:  # a concurrent call has ended it
            return
        is_running = state not in (None, ENDED) and state[0] == RUNNING[0]
        # A run that had ended before the first client connected has no event but `history`.
        has_run = state is ENDED and last is not None and self.token is not None
        if self.record is not None and (is_running or has_run):
            self.set_status(RUNNING)
            self.collect(now, has_run)
        elif state not in (None, ENDED):
            self.set_status(state)
        self.last, self.is_over = last, last is not None
        if before != (self.status, self.progress, len(self.outputs), self.is_over):
            self.wake()

    def set_status(self, state):
        """Makes a `status` event if the state has changed."""
        if state[0] != self.token:
            self.token = state[0]
            self.status = event("status", self.prompt_id, **state[1])

    def collect(self, now, is_last):
        """Makes events of what the run has done since the last call."""
        record = self.record
        known, version, count = self.collected
        if known is not record:
            version = count = 0
        newest = record.version
        if newest != version and (is_last or now >= self.progress_due):
            node, nodes = record.snapshot()
            self.progress = event("progress", self.prompt_id, node=node, nodes=nodes)
            self.progress_due, version = now + PROGRESS_S, newest
        for node, output in record.outputs[count:]:
            count += 1
            try:
                self.outputs.append(event("output", self.prompt_id, node=node, output=output))
            except (TypeError, ValueError):  # no JSON; the history cannot say it either
                logging.warning("[Pilotlight] the output of node %s is no JSON", node)
        self.collected = record, version, count
        image = record.image
        if image is not None and image is not self.image and not is_last:
            if self.encoding is None and now >= self.preview_due:
                self.image = image
                self.encoding = asyncio.create_task(self.encode(record, image))

    async def encode(self, record, image):
        """Makes a `preview` event. The image is encoded in another thread."""
        node, data = image
        count = len(record.outputs)
        try:
            preview = await asyncio.to_thread(preview_of, data)
        except Exception as error:  # a node may give anything as one
            logging.debug("[Pilotlight] a preview of node %s is no image: %s", node, error)
        else:
            # An output that arrived meanwhile shows more.
            if len(record.outputs) == count and not self.is_over:
                node = record.shown.get(node)
                self.preview = event("preview", self.prompt_id, node=node, **preview)
                self.preview_due = time.monotonic() + PREVIEW_S
                self.wake()
        finally:
            self.encoding = None

    async def entry(self, history):
        """Returns the `history` event; None if the entry was deleted meanwhile."""
        request = next(iter(self.clients)).request
        entry = json.loads((await history(request)).body).get(self.prompt_id)
        return None if entry is None else event("history", self.prompt_id, entry=entry)

    def end(self):
        """Ends the streams of the run without a last event."""
        self.is_over = True
        self.wake()

    def wake(self):
        for client in self.clients:
            client.news.set()


class Streams:
    """All streams. One task watches the runs of all of them, and only while there are any."""

    def __init__(self, places, observer, history):
        self.places, self.observer, self.history = places, observer, history
        self.runs, self.count, self.task = observer.watched, 0, None

    async def join(self, client):
        """Adds a client to those of its run, whose events are up to date when this returns."""
        prompt_id = client.prompt_id
        run = self.runs.get(prompt_id)
        if run is None or run.is_over:
            run = Run(prompt_id)
            # In this order: the executor's thread sets the record before it looks for a run.
            self.runs[prompt_id] = run
            record = self.observer.record_of(prompt_id)
            if record is not None:
                run.attach(record)
        client.run, client.preview = run, run.preview
        run.clients.add(client)
        run.update_wants()
        self.count += 1
        self.task = self.task or asyncio.create_task(self.watch())
        self.places.look()
        await self.judge(run, time.monotonic())

    def leave(self, client):
        run = client.run
        run.clients.remove(client)
        run.update_wants()
        self.count -= 1
        if run.record is not None and not run.wants_images:
            run.record.image = None
        if not run.clients and self.runs.get(run.prompt_id) is run:
            del self.runs[run.prompt_id]

    async def judge(self, run, now):
        try:
            await run.judge(self.places.state_of(run.prompt_id), now, self.history)
        except Exception:  # such as a history entry that is no JSON
            logging.exception("[Pilotlight] the live events of a run end early")
            run.end()

    async def watch(self):
        clients_at = 0.0  # when to check again which clients have left
        try:
            while self.runs:
                await asyncio.sleep(TICK_S)
                now = time.monotonic()
                self.places.look()
                for run in list(self.runs.values()):
                    if run.clients and not run.is_over:
                        await self.judge(run, now)
                    if now >= clients_at:
                        run.wake()
                clients_at = now + BREATH_S if now >= clients_at else clients_at
        except Exception:  # no client waits for a task that has ended
            logging.exception("[Pilotlight] all live events end early")
            for run in self.runs.values():
                run.end()
        finally:
            self.task = None


class Client:
    """A client, and the events that it has received."""

    def __init__(self, request, previews):
        self.request, self.transport = request, request.transport
        self.prompt_id, self.previews = request.match_info["prompt_id"], previews
        self.news, self.run = asyncio.Event(), None
        self.status = self.progress = self.preview = self.last = None
        self.outputs = 0

    async def serve(self, streams, write):
        """Writes events until the run is over. Raises when the client has left."""
        try:
            sock = self.transport.get_extra_info("socket")
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT_BYTES)
        except (AttributeError, OSError):
            pass  # not on this system: the socket holds more
        try:
            await streams.join(self)
            due = time.monotonic() + KEEP_ALIVE_S
            while True:
                await self.room()
                self.news.clear()
                piece = self.next_event()
                if piece is None and self.run.is_over:
                    return
                if piece is None and time.monotonic() >= due:
                    piece = KEEP_ALIVE
                if piece is not None:
                    await self.send(piece, write)
                    due = time.monotonic() + KEEP_ALIVE_S
                    continue
                try:
                    await asyncio.wait_for(self.news.wait(), due - time.monotonic())
                except asyncio.TimeoutError:
                    pass
        finally:
            if self.run is not None:
                streams.leave(self)

    def next_event(self):
        """Returns the next event that the client has not received, or None."""
        run = self.run
        for kind in ("status", "progress"):
            newest = getattr(run, kind)
            if newest is not getattr(self, kind):
                setattr(self, kind, newest)
                return newest
        if self.outputs < len(run.outputs):
            self.outputs += 1
            return run.outputs[self.outputs - 1]
        if self.previews and run.preview is not self.preview and not run.is_over:
            self.preview = run.preview
            return run.preview
        if run.last is not self.last:
            self.last = run.last
            return run.last
        return None

    async def room(self):
        """Returns when everything written has left the process. Raises when the client has left, or
        has read nothing for STALL_S."""
        until, pause = time.monotonic() + STALL_S, TICK_S
        while not self.transport.is_closing():
            if not self.transport.get_write_buffer_size():
                return
            if time.monotonic() >= until:
                self.transport.abort()
            await asyncio.sleep(pause)
            pause = min(2 * pause, BREATH_S)
        raise ConnectionResetError("the client has left, or reads nothing")

    async def send(self, piece, write):
        for at in range(0, len(piece), SLICE_BYTES):
            try:
                await asyncio.wait_for(write(piece[at:at + SLICE_BYTES]), STALL_S)
            except asyncio.TimeoutError:
                self.transport.abort()
                raise ConnectionResetError("the client reads nothing") from None


class Answer(web.StreamResponse):
    """The response. The handler returns it unprepared, so that ComfyUI's middleware and the guard add
    their headers as to any other response; events are written when aiohttp asks for its end."""

    def __init__(self, streams, client):
        super().__init__(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store",
                                  "X-Accel-Buffering": "no"})
        self._streams, self._client = streams, client

    async def write_eof(self, data=b""):
        client, self._client = self._client, None
        if client is not None:
            await client.serve(self._streams, self.write)
        await super().write_eof(data)


async def body_of(request):
    """Returns the body, or a refusal."""
    body = bytearray()
    try:
        while True:
            data = await request.content.read(JSON_BYTES)
            body += data
            if not data:
                return bytes(body)
            if len(body) > JSON_BYTES:
                return Refusal(413, "body", "The body of this request is longer than 64 kB.")
    except Exception:  # whatever aiohttp raises of what is no HTTP, or of a client that left
        return Refusal(400, "body", "The body of the request cannot be read.")


def declines_previews(request, body):
    """Whether the request asks for no previews. A body that is no JSON object asks for nothing."""
    if request.rel_url.query.get("previews") in ("0", "false"):
        return True
    try:
        body = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(body, dict) and body.get("previews") is False


def make_events(places, observer, history):
    streams = Streams(places, observer, history)

    async def events(request):
        body = b""
        if request.method == "POST":
            try:
                body = await asyncio.wait_for(body_of(request), READ_S)
            except asyncio.TimeoutError:
                return Refusal(408, "slow", f"The body did not arrive within {READ_S:g} s.")
            if isinstance(body, Refusal):
                return body
        if streams.count >= STREAMS:
            return Refusal(503, "busy", "Too many clients follow a run.", {"Retry-After": "5"})
        if request.method == "HEAD" or request.transport is None:
            return web.Response(content_type="text/event-stream")
        return Answer(streams, Client(request, not declines_previews(request, body)))

    return events
