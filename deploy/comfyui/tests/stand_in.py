"""What the extension touches of ComfyUI, built on the same aiohttp: a server with a table of
routes that it registers bare and under /api, a CORS middleware, and a queue of prompts.

Invariant: the shapes are those of ComfyUI 0.3.64 and 0.33. `older` takes the cheap look at the
queue away, which servers before mid-2025 do not have."""

import copy
import heapq
import os
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

    def put(self, number, prompt_id, sensitive=False, graph=None, extra=None):
        # 0.33 carries a sixth part that is not shown.
        item = (number, prompt_id, graph or {"1": {}}, extra or {}, ["1"])
        item += ({},) if sensitive else ()
        with self.mutex:
            heapq.heappush(self.queue, item)

    def start(self):
        with self.mutex:
            self.currently_running[0] = heapq.heappop(self.queue)

    def leave(self):
        with self.mutex:
            return self.currently_running.pop(0)

    def enter_history(self, item, outputs=None, messages=()):
        is_complete = not messages or messages[-1][0] == "execution_success"
        status = {"status_str": "success" if is_complete else "error", "completed": is_complete,
                  "messages": list(messages)}
        with self.mutex:
            self.history[item[1]] = {"prompt": list(item[:5]), "status": status,
                                     "outputs": {"4": {"images": []}} if outputs is None else outputs}

    def finish(self, outputs=None, messages=()):
        with self.mutex:
            self.enter_history(self.leave(), outputs, messages)

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


def make_cors(allowed):
    """What `--enable-cors-header` puts there. What is raised passes it by, as in ComfyUI."""
    @web.middleware
    async def cors(request, handler):
        response = web.Response() if request.method == "OPTIONS" else await handler(request)
        response.headers["Access-Control-Allow-Origin"] = allowed
        response.headers["Access-Control-Allow-Credentials"] = "true"
        return response

    return cors


@web.middleware
async def origin_only(request, handler):
    """What stands there without that flag, as of 0.33."""
    origin, host = request.headers.get("Origin", ""), request.headers.get("Host", "")
    is_other = host.startswith("127.0.0.1") and origin and host not in origin
    if request.headers.get("Sec-Fetch-Site") == "cross-site" or is_other:
        return web.Response(status=403)
    return web.Response() if request.method == "OPTIONS" else await handler(request)


class PromptServer:
    instance = None

    def __init__(self, older=False, without=(), flag="*", client_max_size=100 * 1024**2):
        self.prompt_queue = PromptQueue(older)
        self.routes = web.RouteTableDef()
        self.stored = []
        self.files = {}
        self.changes = 0
        self.queues = False  # whether prompts are put into the queue
        self.on_interrupt = lambda: None
        self.app = web.Application(client_max_size=client_max_size,
                                   middlewares=[make_cors(flag) if flag else origin_only])
        core = {
            "/prompt": lambda request: {"exec_info": {"queue_remaining": len(self.prompt_queue.queue)}},
            "/queue": lambda request: {"queue_running": [], "queue_pending": []},
            "/history": lambda request: self.prompt_queue.get_history(),
            "/history/{prompt_id}": lambda request: self.prompt_queue.get_history(
                prompt_id=request.match_info["prompt_id"]),
            "/system_stats": lambda request: {"system": {"comfyui_version": "0.33.0"}},
            "/object_info": lambda request: {"A": {}, "B": {}},
            "/object_info/{node_class}": lambda request: {request.match_info["node_class"]: {}},
            "/userdata": lambda request: [],
        }
        for path, answer in core.items():
            if path not in without:
                self.routes.get(path)(self.json(answer))
        self.routes.get("/")(self.json(lambda request: "the editor"))
        self.routes.get("/view")(self.view)
        self.routes.get("/ws")(self.websocket)
        self.routes.get("/broken")(self.broken)
        self.routes.post("/prompt")(self.prompt)
        self.routes.post("/upload/image")(self.upload)
        self.routes.post("/pieces")(self.pieces)
        self.routes.post("/echo")(self.echo)
        # A POST of the core under the path of a GET, as /prompt and /queue have.
        self.routes.post("/queue")(self.change("the core's own POST"))
        for path in ["/free", "/history"]:
            self.routes.post(path)(self.change(""))
        self.routes.post("/interrupt")(self.change("", lambda: self.on_interrupt()))
        self.routes.static("/static", os.path.dirname(os.path.abspath(__file__)))

    def change(self, answer, and_then=lambda: None):
        async def handler(request):
            self.changes += 1
            and_then()
            return web.json_response(answer)

        return handler

    async def prompt(self, request):
        """Of the body it stores what ComfyUI stores, and nothing else."""
        body = await request.json()
        extra = dict(body.get("extra_data", {}))
        if "client_id" in body:
            extra["client_id"] = body["client_id"]
        self.changes += 1
        self.stored.append((1, body["prompt_id"], body["prompt"], extra, ["1"]))
        if self.queues:
            number, (_, prompt_id, graph, extra, _) = self.changes, self.stored[-1]
            self.prompt_queue.put(number, prompt_id, graph=graph, extra=extra)
        return web.json_response({"prompt_id": body["prompt_id"], "number": 1, "node_errors": {}})

    async def upload(self, request):
        form = await request.post()
        self.changes += 1
        name, data = form["image"].filename, form["image"].file.read()
        self.stored.append((name, data, form.get("type")))
        self.files[name] = data
        return web.json_response({"name": form["image"].filename})

    @staticmethod
    async def pieces(request):
        """Reads a form piece by piece, as `/assets` does."""
        names = []
        async for part in await request.multipart():
            names.append([part.name, len(await part.read())])
        return web.json_response(names)

    @staticmethod
    async def echo(request):
        return web.Response(body=b"".join([piece async for piece in request.content.iter_any()]))

    @staticmethod
    async def websocket(request):
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str("status")
        await socket.close()
        return socket

    @staticmethod
    async def broken(request):
        raise RuntimeError("a handler fails")

    @staticmethod
    def json(answer):
        async def handler(request):
            return web.json_response(answer(request))

        return handler

    async def view(self, request):
        name = request.rel_url.query.get("filename")
        if name is None:
            return web.Response(status=404)
        data = self.files.get(name, b"bytes of " + name.encode())
        response = web.Response(body=data, content_type="image/png")
        response.last_modified = 1_795_336_013.4
        return response

    def add_routes(self):
        api_routes = web.RouteTableDef()
        for route in self.routes:
            if isinstance(route, web.RouteDef):
                api_routes.route(route.method, "/api" + route.path)(route.handler, **route.kwargs)
        self.app.add_routes(api_routes)
        self.app.add_routes(self.routes)
