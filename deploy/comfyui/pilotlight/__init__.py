"""Pilotlight's routes for ComfyUI: reads by POST, a wait that is held until there is news, and one
that is held for its own sake, since kubeai counts what is in flight.

kubeai finds a model by the request's body, and a browser sends none with a GET. So every core GET
route that the page needs is answered to a POST as well, under /pilotlight/… and, because ComfyUI
serves each route there too, under /api/pilotlight/…. Bodies are never read.
"""

import asyncio
import logging
import time

from aiohttp import web
from server import PromptServer

NODE_CLASS_MAPPINGS = {}

TWINS = {"/prompt", "/queue", "/history", "/history/{prompt_id}", "/view", "/system_stats",
         "/object_info", "/object_info/{node_class}"}
WAIT_S = 25.0  # below the shortest time-out of a gateway that is worth defending against
NOWHERE_S = 1.0  # a run on its way from the queue to the history was unseen for up to 0.7 s
TICK_S = 0.02
BREATH_S = 0.5  # how late a client that left may be noticed where there is no news to wait for


def state_of(queue, prompt_id):
    """What the queue knows of a run, or None; `ahead` counts the running one."""
    volatile = getattr(queue, "get_current_queue_volatile", None)  # copies no graphs
    running, pending = volatile() if volatile else queue.get_current_queue()
    if any(item[1] == prompt_id for item in running):
        return {"state": "running"}
    # The queue is a heap: the order is that of (number, id), not that of the list.
    own = min(((item[0], item[1]) for item in pending if item[1] == prompt_id), default=None)
    if own is None:
        return None
    ahead = sum((item[0], item[1]) < own for item in pending)
    return {"state": "pending", "ahead": len(running) + ahead}


def token_of(state):
    return f"pending:{state['ahead']}" if state["state"] == "pending" else state["state"]


def make_wait(server, history):
    async def wait(request):
        prompt_id = request.match_info["prompt_id"]
        known = request.rel_url.query.get("known")
        began = seen = time.monotonic()
        while request.transport is not None and not request.transport.is_closing():
            now = time.monotonic()
            # The queue first: a run moves from there to the history, never back.
            state = state_of(server.prompt_queue, prompt_id)
            if server.prompt_queue.get_history(prompt_id=prompt_id):
                return await history(request)
            if state is not None:
                seen = now
                if (known is not None and token_of(state) != known) or now - began >= WAIT_S:
                    return web.json_response({"pilotlight": state})
            elif now - seen >= NOWHERE_S:
                return web.json_response({})
            await asyncio.sleep(TICK_S)
        return web.Response(status=499)  # nobody is there to read it

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


def register(server):
    routes = server.routes
    core = {r.path: r.handler for r in routes if isinstance(r, web.RouteDef) and r.method == "GET"}
    if "/pilotlight/wait/{prompt_id}" in core or not TWINS <= core.keys():
        logging.warning("[Pilotlight] not loaded: it is there twice, or this ComfyUI lacks %s",
                        sorted(TWINS - core.keys()))
        return
    for path in TWINS:
        routes.post("/pilotlight" + path)(core[path])
    wait = make_wait(server, core["/history/{prompt_id}"])
    routes.post("/pilotlight/wait/{prompt_id}")(wait)
    routes.get("/pilotlight/wait/{prompt_id}")(wait)
    routes.post("/pilotlight/awake")(awake)
    routes.get("/pilotlight/awake")(awake)


register(PromptServer.instance)
