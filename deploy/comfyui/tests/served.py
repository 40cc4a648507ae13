"""Serves the stand-in with the extension in a process of its own: prints its port, and ends when
its standard input does.

It reads `PILOTLIGHT_*` as ComfyUI does. Prompts really queue here: one runs at a time, until the
file that `HOLD_FILE` names is there."""

import asyncio
import os
import pathlib
import sys

from aiohttp import web

from case import load
from stand_in import PromptServer


async def work(queue, hold):
    while True:
        if queue.queue and not queue.currently_running:
            queue.start()
        if queue.currently_running and hold.exists():
            queue.finish()
        await asyncio.sleep(0.05)


async def main():
    # As ComfyUI starts without a flag.
    server = PromptServer(flag=None)
    server.queues = True
    load(server, **{name: value for name, value in os.environ.items() if "PILOTLIGHT" in name})
    server.add_routes()
    runner = web.AppRunner(server.app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    worker = asyncio.create_task(work(server.prompt_queue, pathlib.Path(os.environ["HOLD_FILE"])))
    await asyncio.to_thread(sys.stdin.read)
    worker.cancel()
    os._exit(0)  # whoever still waits is not waited for


if __name__ == "__main__":
    asyncio.run(main())
