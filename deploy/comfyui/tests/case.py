"""What the tests of the extension share: it is loaded as ComfyUI loads it, and asked over real
sockets."""

import importlib.util
import os
import pathlib
import sys
import types
import unittest
from unittest import mock

from aiohttp import ClientSession, web

from stand_in import PromptServer
from stand_in_execution import Executor

SOURCE = pathlib.Path(__file__).parents[1] / "pilotlight" / "__init__.py"


def load(server, source=SOURCE, **environ):
    """Imports the extension as ComfyUI does, anew for each server. Returns its package."""
    PromptServer.instance = server
    sys.modules["server"] = types.SimpleNamespace(PromptServer=PromptServer)
    spec = importlib.util.spec_from_file_location("pilotlight", source)
    module = importlib.util.module_from_spec(spec)
    for name in [name for name in sys.modules if name.split(".")[0] == "pilotlight"]:
        del sys.modules[name]
    sys.modules["pilotlight"] = module
    others = {name: value for name, value in os.environ.items() if "PILOTLIGHT" not in name}
    with mock.patch.dict(os.environ, {**others, **environ}, clear=True):
        spec.loader.exec_module(module)
    return module


class ServedCase(unittest.IsolatedAsyncioTestCase):
    async def serve(self, environ=None, executes=None, **how):
        """`executes`: the version of ComfyUI as which prompts are run, once `executor` is started."""
        self.server = PromptServer(**how)
        self.queue = self.server.prompt_queue
        if executes:
            self.executor = Executor(self.server, older=executes == "0.3.64")
            self.addCleanup(self.executor.uninstall)
            self.addCleanup(self.executor.stop)
        self.module = load(self.server, **(environ or {}))
        self.server.add_routes()
        # As ComfyUI starts it: a handler is not cancelled when its client leaves.
        runner = web.AppRunner(self.server.app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        self.addAsyncCleanup(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0]
        self.client = ClientSession(f"http://{host}:{port}")
        self.addAsyncCleanup(self.client.close)

    async def ask(self, path, method="POST", **body):
        body = body or {"data": '{"model":"m"}', "headers": {"Content-Type": "text/plain"}}
        async with self.client.request(method, path, **body) as reply:
            return reply.status, reply.headers, await reply.read()
