"""A ComfyUI, or the stand-in for one, in a process of its own, and what it takes of the machine.

Invariant: what is started here is ended here, by its id."""

import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

import psutil

TESTS = pathlib.Path(__file__).parent
EXTENSION = TESTS.parent / "pilotlight"
START_S = 180  # a ComfyUI that loads torch from a cold disk

# For the custom nodes of a real ComfyUI: a node that runs until the file `HOLD_FILE` is there, one
# that reports steps with previews, and one that is expanded into two of them.
NODES = '''
import os, time

from PIL import Image

import comfy.utils
from comfy_execution.graph_utils import GraphBuilder

class Hold:
    CATEGORY, FUNCTION, RETURN_TYPES, OUTPUT_NODE = "test", "run", (), True

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"text": ("STRING", {"default": ""})}}

    def run(self, text):
        while not os.path.exists(os.environ["HOLD_FILE"]):
            time.sleep(0.05)
        return {"ui": {"text": [str(len(text))]}}

class Steps:
    CATEGORY, FUNCTION, RETURN_TYPES, OUTPUT_NODE = "test", "run", ("STRING",), True

    @classmethod
    def INPUT_TYPES(cls):
        number = ("INT", {"default": 0, "min": 0, "max": 10_000})
        return {"required": {"text": ("STRING", {"default": ""}), "steps": number, "side": number,
                             "ms": number, "fail_at": number}}

    def run(self, text, steps, side, ms, fail_at):
        bar = comfy.utils.ProgressBar(steps)
        image = Image.effect_noise((side, side), 64).convert("RGB") if side else None
        for step in range(1, steps + 1):
            time.sleep(ms / 1000)
            if step == fail_at:
                raise ValueError("asked to fail")
            bar.update_absolute(step, steps, image and ("JPEG", image, 512))
        return {"ui": {"text": [f"{steps} steps"]}, "result": (text,)}

class Expand(Steps):
    OUTPUT_NODE = False

    def run(self, text, **inputs):
        graph = GraphBuilder()
        first = graph.node("PilotlightSteps", text=text, **inputs)
        second = graph.node("PilotlightSteps", text=first.out(0), **inputs)
        return {"result": (second.out(0),), "expand": graph.finalize()}

NODE_CLASS_MAPPINGS = {"PilotlightHold": Hold, "PilotlightSteps": Steps, "PilotlightExpand": Expand}
'''


class Process:
    """Started with the extension and `environ`; `real` is (folder of a ComfyUI, its Python), or
    None for the stand-in."""

    def __init__(self, environ, real=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pilotlight-"))
        self.hold_file = self.folder / "go"
        others = {name: value for name, value in os.environ.items() if "PILOTLIGHT" not in name}
        environ = {**others, "HOLD_FILE": str(self.hold_file), **environ}
        self.log = open(self.folder / "log", "wb")
        if real is None:
            command, where = [sys.executable, TESTS / "served.py"], TESTS
        else:
            where, python = real
            command = [python, "main.py", "--cpu", "--disable-api-nodes", "--listen", "127.0.0.1",
                       "--port", str(self.free_port()), "--base-directory", self.base()]
        self.process = subprocess.Popen([str(part) for part in command], cwd=where, env=environ,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self.log)
        try:
            if real is None:
                self.port = int(self.process.stdout.readline())
            else:
                threading.Thread(target=self.process.stdout.read, daemon=True).start()
                self.port = int(command[command.index("--port") + 1])
                self.wait_until_it_answers()
        except BaseException:
            self.stop()
            raise
        self.seen = psutil.Process(self.process.pid)
        self.url = f"http://127.0.0.1:{self.port}"

    @staticmethod
    def free_port():
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            return free.getsockname()[1]

    def base(self):
        """The folder for all that a ComfyUI reads and writes, so that its own stays as it is."""
        for name in ["models", "input", "output", "temp", "user", "custom_nodes/testing"]:
            (self.folder / name).mkdir(parents=True)
        shutil.copytree(EXTENSION, self.folder / "custom_nodes/pilotlight",
                        ignore=shutil.ignore_patterns("__pycache__"))
        (self.folder / "custom_nodes/testing/__init__.py").write_text(NODES, encoding="utf-8")
        return self.folder

    def wait_until_it_answers(self):
        until = time.monotonic() + START_S
        while True:
            try:
                address = f"http://127.0.0.1:{self.port}/system_stats"
                with urllib.request.urlopen(address, timeout=5):
                    return
            except OSError as error:
                if self.process.poll() is not None or time.monotonic() > until:
                    said = (self.folder / "log").read_text(errors="replace")[-3000:]
                    raise RuntimeError(f"ComfyUI did not start: {error}\n{said}") from None
                time.sleep(0.2)

    def memory(self):
        """Resident bytes."""
        return self.seen.memory_info().rss

    def cpu_s(self):
        """Seconds of a core that it has used, all its threads together."""
        times = self.seen.cpu_times()
        return times.user + times.system

    def stop(self):
        self.process.stdin.close()
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)
