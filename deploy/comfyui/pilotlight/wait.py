"""The long-poll: a request that is held until there is news of a run. And a request that is held for
its own sake, since kubeai counts what is in flight."""

import asyncio
import time

from aiohttp import web

from .places import BREATH_S, ENDED, NOWHERE_S, TICK_S

WAIT_S = 25.0  # below the shortest time-out of a gateway that is worth defending against

LEFT = "left"  # how a wait ends when its client did


class Wait:
    """A request that is held until there is news of its run."""

    __slots__ = ("known", "began", "transport", "answer")

    def __init__(self, request):
        self.known = request.rel_url.query.get("known")
        self.began = time.monotonic()
        self.transport = request.transport
        self.answer = asyncio.get_running_loop().create_future()

    def judge(self, state, now, seen):
        """Answers if there is something to say; returns when there will be, even without news.
        `state` of the run: (token, state), ENDED, or None where it is nowhere, since `seen`."""
        due = max(self.began, seen) + NOWHERE_S if state is None else self.began + WAIT_S
        answer = None
        if self.transport is None or self.transport.is_closing():
            answer = LEFT
        elif state is ENDED:
            answer = ENDED
        elif state is None:
            answer = {} if now >= due else None
        elif now >= due or self.known not in (None, state[0]):
            answer = {"pilotlight": state[1]}
        if answer is not None and not self.answer.done():
            self.answer.set_result(answer)
        return due


class Run:
    """The waits for one run."""

    __slots__ = ("waits", "state", "seen", "due")

    def __init__(self):
        self.waits, self.state, self.seen, self.due = set(), None, 0.0, 0.0

    def judge(self, state, now, check_clients):
        if state is not None:
            self.seen = now
        if state is not self.state or now >= self.due or check_clients:
            self.state = state
            self.due = min(wait.judge(state, now, self.seen) for wait in self.waits)


class Waits:
    """All waits. One task looks at the queue for all of them, and only while there are any."""

    def __init__(self, places):
        self.places, self.runs, self.task = places, {}, None

    async def hold(self, request):
        """Returns the state of the run, ENDED, or LEFT when the client did."""
        prompt_id, wait = request.match_info["prompt_id"], Wait(request)
        self.places.look()
        wait.judge(self.places.state_of(prompt_id), wait.began, 0.0)
        if wait.answer.done():
            return wait.answer.result()
        run = self.runs.setdefault(prompt_id, Run())
        run.waits.add(wait)
        run.due = 0.0
        self.task = self.task or asyncio.create_task(self.watch())
        try:
            return await wait.answer
        finally:
            run.waits.remove(wait)
            if not run.waits:
                del self.runs[prompt_id]

    async def watch(self):
        clients_at = 0.0  # when to see again which clients have left
        try:
            while self.runs:
                await asyncio.sleep(TICK_S)
                now = time.monotonic()
                self.places.look()
                for prompt_id, run in self.runs.items():
                    run.judge(self.places.state_of(prompt_id), now, now >= clients_at)
                clients_at = now + BREATH_S if now >= clients_at else clients_at
        except Exception as error:  # nobody is left waiting for a task that has ended
            for wait in [wait for run in self.runs.values() for wait in run.waits]:
                if not wait.answer.done():
                    wait.answer.set_exception(error)
        finally:
            self.task = None


def make_wait(places, history):
    waits = Waits(places)

    async def wait(request):
        answer = await waits.hold(request)
        if answer is ENDED:
            return await history(request)
        # After the client has left nobody is there to read it.
        return web.Response(status=499) if answer is LEFT else web.json_response(answer)

    return wait


async def awake(request):
    """In flight for as long as a wait, and nothing else."""
    until = time.monotonic() + WAIT_S
    while request.transport is not None and not request.transport.is_closing():
        left = until - time.monotonic()
        if left <= 0:
            return web.json_response({})
        await asyncio.sleep(min(left, BREATH_S))
    return web.Response(status=499)  # nobody is there to read it
