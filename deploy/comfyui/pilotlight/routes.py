"""The routes: core reads by POST, the long-poll, live events, and the request that keeps the GPU
awake.

ComfyUI serves each route that a custom node adds under /api as well. A body is read for the key, and
by live events for whether previews are wanted.
"""

import logging

from aiohttp import web

from .events import make_events
from .observer import observe
from .places import Places
from .refusal import elsewhere
from .wait import awake, make_wait

TWINS = {"/prompt", "/queue", "/history", "/history/{prompt_id}", "/view", "/system_stats",
         "/object_info", "/object_info/{node_class}"}


def not_elsewhere(handler):
    """Keeps other sites from holding a request by an image, in every configuration: the page itself
    asks by a script, and a relay sends no `Sec-Fetch-Site`."""
    async def guarded(request):
        refusal = elsewhere(request)
        return await handler(request) if refusal is None else refusal

    return guarded


def register(server):
    routes = server.routes
    core = {r.path: r.handler for r in routes if isinstance(r, web.RouteDef) and r.method == "GET"}
    if "/pilotlight/wait/{prompt_id}" in core or not TWINS <= core.keys():
        logging.warning("[Pilotlight] not loaded: it is there twice, or this ComfyUI lacks %s",
                        sorted(TWINS - core.keys()))
        return
    for path in TWINS:
        routes.post("/pilotlight" + path)(core[path])
    places, history = Places(server.prompt_queue), core["/history/{prompt_id}"]
    held = {
        "/pilotlight/wait/{prompt_id}": make_wait(places, history),
        "/pilotlight/events/{prompt_id}": make_events(places, observe(), history),
        "/pilotlight/awake": awake,
    }
    for path, handler in held.items():
        routes.post(path)(handler)
        routes.get(path)(not_elsewhere(handler))
