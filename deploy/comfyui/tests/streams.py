"""Live events over sockets, on any server that has them: the stand-in (`test_streams.py`) and a real
ComfyUI (`test_real.py`).

The prompts here name no client."""

import base64
import contextlib
import http.client
import io
import json
import socket
import threading
import time
import urllib.request
import uuid

from PIL import Image

from attacks import MB, Case
from following import read_event


class Told(threading.Thread):
    """Reads the events of a run until they end."""

    def __init__(self, url, body=b"{}"):
        super().__init__(daemon=True)
        self.url, self.body = url, body
        self.events, self.times, self.fault = [], [], None
        self.start()

    def run(self):
        try:
            request = urllib.request.Request(self.url, self.body, {"Content-Type": "text/plain"})
            with urllib.request.urlopen(request, timeout=120) as reply:
                lines = []
                for line in reply:
                    if line != b"\n":
                        lines.append(line.decode("ascii"))
                        continue
                    found, lines = read_event("".join(lines).removesuffix("\n")), []
                    if found:
                        self.events.append(found)
                        self.times.append(time.monotonic())
                assert not lines, "it ends in the middle of an event"
        except (OSError, AssertionError, ValueError, http.client.HTTPException) as fault:
            self.fault = fault

    def names(self):
        return [name for name, _ in self.events]

    def all(self, name):
        return [data for other, data in self.events if other == name]

    def time_of(self, name):
        """When the first event of a name came."""
        return self.times[self.names().index(name)]


class Streams(Case):
    count = 200  # steps of a long run; 20 take a second

    def told(self, run, body=b"{}", query=""):
        return Told(f"{self.server.url}/api/pilotlight/events/{run}{query}", body)

    def end(self, *tellers, seconds=60):
        """Waits until these have ended as they should."""
        for told in tellers:
            told.join(seconds)
            self.assertFalse(told.is_alive(), told.names()[-9:])
            self.assertIsNone(told.fault)
            self.assertEqual(told.names()[-1], "history")
            self.assertEqual(told.names().count("history"), 1)

    def until(self, is_there, seconds=60):
        end = time.monotonic() + seconds
        while not is_there():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.02)

    @staticmethod
    def steps(text=None, steps=20, side=0, ms=50, fail_at=0, kind="PilotlightSteps"):
        text = str(uuid.uuid4()) if text is None else text
        return {"class_type": kind, "inputs": {
            "text": text, "steps": steps, "side": side, "ms": ms, "fail_at": fail_at}}

    def test_a_run_is_told_while_it_runs(self):
        graph = {"1": self.steps(side=800, ms=100), "2": self.steps(["1", 0], ms=100)}
        run = self.post(graph)
        told = self.told(run)
        self.end(told)
        self.assertEqual({data["prompt_id"] for _, data in told.events}, {run})
        self.assertEqual(told.all("status")[-1], {"prompt_id": run, "state": "running"})
        last = told.all("progress")[-1]
        self.assertEqual(last["nodes"], {
            name: {"state": "finished", "value": 20, "max": 20} for name in ["1", "2"]})
        runs = [data["node"] for data in told.all("progress")]
        self.assertLess(runs.index("1"), runs.index("2"))
        took = told.times[-1] - told.times[0]
        self.assertTrue(8 <= len(told.all("progress")) <= took / 0.2 + 3, told.names())
        self.assertEqual(told.all("output"), [
            {"prompt_id": run, "node": name, "output": {"text": ["20 steps"]}}
            for name in ["1", "2"]])
        self.assertGreater(told.times[-1] - told.time_of("output"), 1)
        previews = told.all("preview")
        self.assertTrue(2 <= len(previews) <= took / 0.5 + 1, told.names())
        for preview in previews:
            self.assertEqual((preview["node"], preview["width"], preview["height"]), ("1", 384, 384))
            picture = Image.open(io.BytesIO(base64.b64decode(preview["data"])))
            self.assertEqual((picture.format, picture.size), ("JPEG", (384, 384)))
        status, answer = self.ask(f"/api/history/{run}", method="GET")
        self.assertEqual(status, 200)
        self.assertEqual(told.all("history")[0]["entry"], json.loads(answer)[run])
        size = sum(len(json.dumps(data)) for _, data in told.events)
        self.tell(f"{len(told.events)} events of {size} bytes in {told.times[-1] - told.times[0]:.1f} s")

    def test_who_wants_no_previews_is_sent_none(self):
        run = self.post({"1": self.steps(side=400)})
        without = [self.told(run, b'{"previews":false}'), self.told(run, query="?previews=0")]
        told = self.told(run)
        self.end(told, *without)
        self.assertGreater(len(told.all("preview")), 0)
        for other in without:
            self.assertEqual(other.all("preview"), [])
            self.assertEqual(other.all("progress")[-1], told.all("progress")[-1])

    def test_a_cached_run_is_told_without_steps(self):
        graph = {"1": self.steps(steps=2), "2": self.steps(["1", 0], steps=2)}
        self.history(self.post(graph))
        # With the same nodes, since ComfyUI forgets what the last prompt did not have.
        hold = {"class_type": "PilotlightHold", "inputs": {"text": "x"}}
        held = self.post({**graph, "3": hold})
        run = self.post(graph)
        told, other = self.told(run), self.told(held)
        self.until(lambda: told.events and other.all("progress"))
        self.assertEqual(told.all("status"), [{"prompt_id": run, "state": "pending", "ahead": 1}])
        self.server.hold_file.touch()
        self.addCleanup(self.server.hold_file.unlink)
        self.end(told, other)
        self.assertEqual(sorted(data["node"] for data in told.all("output")), ["1", "2"])
        states = {state["state"] for data in told.all("progress") for state in data["nodes"].values()}
        self.assertLessEqual(states, {"finished"})
        self.assertEqual(told.all("history")[0]["entry"]["status"]["status_str"], "success")

    def test_a_run_that_fails_says_where(self):
        run = self.post({"1": self.steps(steps=3), "2": self.steps(["1", 0], fail_at=5)})
        told = self.told(run)
        self.end(told)
        last = told.all("progress")[-1]
        self.assertIsNone(last["node"])
        self.assertEqual({name: node["state"] for name, node in last["nodes"].items()},
                         {"1": "finished", "2": "error"})
        self.assertEqual([data["node"] for data in told.all("output")], ["1"])
        status = told.all("history")[0]["entry"]["status"]
        self.assertEqual(status["messages"][-1][0], "execution_error")

    def test_an_interrupted_run_has_not_failed(self):
        run = self.post({"1": self.steps(steps=500)})
        told = self.told(run)
        self.until(lambda: told.all("progress"))
        self.assertEqual(self.ask("/api/interrupt", {"prompt_id": run})[0], 200)
        self.end(told)
        self.assertEqual(told.all("progress")[-1]["nodes"]["1"]["state"], "running")
        self.assertEqual(told.all("output"), [])
        status = told.all("history")[0]["entry"]["status"]
        self.assertEqual(status["messages"][-1][0], "execution_interrupted")

    def test_each_run_is_told_apart(self):
        runs = [self.post({str(number): self.steps(side=64 * number, steps=number + 9)})
                for number in range(1, 6)]
        tellers = [self.told(run) for run in runs]
        self.end(*tellers)
        for number, (run, told) in enumerate(zip(runs, tellers), 1):
            self.assertEqual({data["prompt_id"] for _, data in told.events}, {run})
            nodes = {name for data in told.all("progress") for name in data["nodes"]}
            self.assertEqual(nodes, {str(number)})
            self.assertEqual({data["width"] for data in told.all("preview")}, {64 * number})
            self.assertEqual([data["output"] for data in told.all("output")],
                             [{"text": [f"{number + 9} steps"]}])

    def test_expanded_nodes_are_shown_as_the_one_in_the_prompt(self):
        run = self.post({"7": self.steps(kind="PilotlightExpand", side=100),
                         "8": self.steps(["7", 0], steps=2)})
        told = self.told(run)
        self.end(told)
        nodes = {name for data in told.all("progress") for name in data["nodes"]}
        self.assertEqual(nodes, {"7", "8"})
        self.assertIn(20, {data["nodes"]["7"]["max"] for data in told.all("progress")})
        self.assertEqual({data["node"] for data in told.all("preview")}, {"7"})
        outputs = {data["node"]: data["output"] for data in told.all("output")}
        self.assertEqual(len(outputs), 3)
        self.assertEqual(outputs, told.all("history")[0]["entry"]["outputs"])

    def test_who_comes_again_and_again_is_told_the_present(self):
        run = self.post({"1": self.steps(steps=3),
                         "2": {"class_type": "PilotlightHold", "inputs": {"text": ["1", 0]}}})
        told = self.told(run)
        self.until(lambda: told.all("output") and told.all("progress")[-1]["node"] == "2")
        with self.bounded("50 times again"):
            for _ in range(50):
                with self.connect() as connection:
                    connection.sendall(self.head(f"/api/pilotlight/events/{run}", 2) + b"{}")
                    text = b""
                    while b"event: output" not in text:
                        part = connection.recv(MB)
                        self.assertTrue(part)
                        text += part
                    at = [text.index(b"event: " + name) for name in [b"status", b"progress", b"output"]]
                    self.assertEqual(at, sorted(at))
        self.server.hold_file.touch()
        self.addCleanup(self.server.hold_file.unlink)
        self.end(told)

    def test_two_hundred_follow_one_run(self):
        run = self.post({"1": self.steps(steps=self.count, side=512)})
        used = self.server.cpu_s()
        with self.bounded(f"200 clients, {self.count / 20:.0f} s of steps with previews"):
            began = time.monotonic()
            tellers = [self.told(run) for _ in range(200)]
            self.end(*tellers)
        share = (self.server.cpu_s() - used) / (time.monotonic() - began)
        ends = [told.times[-1] for told in tellers]
        self.tell(f"{share:.0%} of a core; the last was told the end"
                  f" {max(ends) - min(ends):.2f} s after the first")
        for told in tellers:
            self.assertEqual(told.all("progress")[-1], tellers[0].all("progress")[-1])
            self.assertGreater(len(told.all("preview")), self.count // 20)

    def silent(self, stack, run):
        """A connection that never reads."""
        connection = stack.enter_context(socket.socket())
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", self.server.port))
        connection.sendall(self.head(f"/api/pilotlight/events/{run}", 2) + b"{}")
        return connection

    def test_who_never_reads_takes_nothing_of_the_others(self):
        run = self.post({"1": self.steps(steps=self.count, side=2_000)})
        used, began = self.server.cpu_s(), time.monotonic()
        with contextlib.ExitStack() as stack, self.bounded("200 that never read, previews"):
            for _ in range(200):
                self.silent(stack, run)
            told = self.told(run)
            self.end(told)
        share = (self.server.cpu_s() - used) / (time.monotonic() - began)
        self.tell(f"{share:.0%} of a core")
        self.assertGreater(len(told.all("preview")), self.count // 20)
        self.assertEqual(self.ask("/api/pilotlight/wait/none", {})[1], b"{}")

    def test_more_than_the_limit_are_refused_and_then_let_in(self):
        run = self.post({"1": {"class_type": "PilotlightHold", "inputs": {"text": str(uuid.uuid4())}}})
        path = f"/api/pilotlight/events/{run}"
        with contextlib.ExitStack() as stack, self.bounded("300 at once"):
            for _ in range(300):
                self.silent(stack, run)
            time.sleep(1)
            status, answer = self.ask(path, {})
            self.assertEqual((status, json.loads(answer)["error"]["type"]), (503, "pilotlight_busy"))
        time.sleep(1.5)  # it is noticed that they have left
        told = self.told(run)
        self.until(lambda: told.all("progress"))
        self.server.hold_file.touch()
        self.addCleanup(self.server.hold_file.unlink)
        self.end(told)
