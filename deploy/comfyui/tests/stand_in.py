"""What the extension touches of ComfyUI, built on the same aiohttp: a server with a table of
routes that it registers bare and under /api, a CORS middleware, and a queue of prompts.

Invariant: the shapes are those of ComfyUI 0.3.64 and 0.33. `older` takes the cheap look at the
queue away, which servers before mid-2025 do not have."""

import copy
import heapq
import threading

from aiohttp import web


class PromptQueue:
    def __init__(self, older=False):
        self.mutex = threading.RLock()
        self.queue = []
        self.currently_running = {}
        self.history = {}
        self.looks = 0
        if not older:
            self.get_current_queue_volatile = self._volatile

    def put(self, number, prompt_id, sensitive=False):
        # 0.33 carries a sixth part that is not shown.
        item = (number, prompt_id, {"1": {}}, {}, ["1"]) + (({},) if sensitive else ())
        with self.mutex:
            heapq.heappush(self.queue, item)

    def start(self):
        with self.mutex:
            self.currently_running[0] = heapq.heappop(self.queue)

    def leave(self):
        with self.mutex:
            return self.currently_running.pop(0)

    def enter_history(self, item):
        with self.mutex:
            self.history[item[1]] = {"prompt": list(item[:5]), "outputs": {"4": {"images": []}},
                                     "status": {"status_str": "success", "completed": True}}

    def finish(self):
        with self.mutex:
            self.enter_history(self.leave())

    def drop(self, prompt_id):
        with self.mutex:
            self.queue = [item for item in self.queue if item[1] != prompt_id]
            heapq.heapify(self.queue)

    def _volatile(self):
        with self.mutex:
            self.looks += 1
            return list(self.currently_running.values()), copy.copy(self.queue)

    def get_current_queue(self):
        with self.mutex:
            self.looks += 1
            return list(self.currently_running.values()), copy.deepcopy(self.queue)

    def get_history(self, prompt_id=None, max_items=None, offset=-1, map_function=None):
        with self.mutex:
            if prompt_id is None:
                return copy.deepcopy(self.history)
            found = self.history.get(prompt_id)
            return {} if found is None else {prompt_id: copy.deepcopy(found)}


@web.middleware
async def cors(request, handler):
    response = web.Response() if request.method == "OPTIONS" else await handler(request)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


class PromptServer:
    instance = None

    def __init__(self, older=False, without=()):
        self.prompt_queue = PromptQueue(older)
        self.routes = web.RouteTableDef()
        self.app = web.Application(middlewares=[cors])
        core = {
            "/prompt": lambda request: {"exec_info": {"queue_remaining": len(self.prompt_queue.queue)}},
            "/queue": lambda request: {"queue_running": [], "queue_pending": []},
            "/history": lambda request: self.prompt_queue.get_history(),
            "/history/{prompt_id}": lambda request: self.prompt_queue.get_history(
                prompt_id=request.match_info["prompt_id"]),
            "/system_stats": lambda request: {"system": {"comfyui_version": "0.33.0"}},
            "/object_info": lambda request: {"A": {}, "B": {}},
            "/object_info/{node_class}": lambda request: {request.match_info["node_class"]: {}},
        }
        for path, answer in core.items():
            if path not in without:
                self.routes.get(path)(self.json(answer))
        self.routes.get("/view")(self.view)
        # A POST of the core under the path of a GET, as /prompt and /queue have.
        self.routes.post("/queue")(self.json(lambda request: "the core's own POST"))
        self.routes.static("/static", ".")

    @staticmethod
    def json(answer):
        async def handler(request):
            return web.json_response(answer(request))

        return handler

    @staticmethod
    async def view(request):
        if "filename" not in request.rel_url.query:
            return web.Response(status=404)
        response = web.Response(body=b"bytes of " + request.rel_url.query["filename"].encode(),
                                content_type="image/png")
        response.last_modified = 1_795_336_013.4
        return response

    def add_routes(self):
        api_routes = web.RouteTableDef()
        for route in self.routes:
            if isinstance(route, web.RouteDef):
                api_routes.route(route.method, "/api" + route.path)(route.handler, **route.kwargs)
        self.app.add_routes(api_routes)
        self.app.add_routes(self.routes)
