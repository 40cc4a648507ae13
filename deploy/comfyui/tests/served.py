"""Serves the stand-in with the extension in a process of its own: prints its port, and ends when
its standard input does.

It reads `PILOTLIGHT_*` as ComfyUI does. Prompts really run here, one at a time, made of the nodes
that `process.py` gives a real ComfyUI.
"""

import asyncio
import os
import pathlib
import sys
import time

from aiohttp import web
from PIL import Image

from case import load
from stand_in import PromptServer
from stand_in_execution import Executor, Expanded


def hold(context, inputs):
    """Runs until the file is there that `HOLD_FILE` names."""
    while not pathlib.Path(os.environ["HOLD_FILE"]).exists():
        time.sleep(0.05)
    return {"text": [str(len(inputs["text"]))]}


def steps(context, inputs):
    """Reports steps with previews."""
    side, count = inputs["side"], inputs["steps"]
    image = Image.effect_noise((side, side), 64).convert("RGB") if side else None
    for step in range(1, count + 1):
        time.sleep(inputs["ms"] / 1000)
        if step == inputs["fail_at"]:
            raise ValueError("asked to fail")
        context.progress(step, count, image and ("JPEG", image, 512))
    return {"text": [f"{count} steps"]}


def expand(context, inputs):
    """Is expanded into two nodes that report steps."""
    return Expanded({f"{context.node_id}.0.0.{number}": {
        "class_type": "PilotlightSteps", "inputs": inputs} for number in [1, 2]})


async def main():
    # As ComfyUI starts without a flag.
    server = PromptServer(flag=None)
    server.queues = True
    executor = Executor(server)
    executor.nodes = {"PilotlightHold": hold, "PilotlightSteps": steps, "PilotlightExpand": expand}
    server.on_interrupt = executor.interrupt
    load(server, **{name: value for name, value in os.environ.items() if "PILOTLIGHT" in name})
    server.add_routes()
    runner = web.AppRunner(server.app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    executor.start()
    await asyncio.to_thread(sys.stdin.read)
    os._exit(0)  # whoever still waits is not waited for


if __name__ == "__main__":
    asyncio.run(main())
