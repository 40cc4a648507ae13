"""Live events against the stand-in: what a client is told, when, and in which order."""

import asyncio
import json
import threading
import time
import unittest

from case import ServedCase
from following import Follower

RUN = "084c03b5-9383-4e19-92d7-81b7f55743a9"
OTHER = "159e5d9b-f7a8-4211-9349-8f271caf94d2"


def node(kind, **inputs):
    return {"class_type": kind, "inputs": inputs}


class Case(ServedCase):
    """Has nodes that a test leads through a run."""

    older = False

    async def asyncSetUp(self):
        await self.serve(executes="0.3.64" if self.older else "0.33")
        self.gates = {"go": threading.Event(), "other": threading.Event()}
        self.go, self.other_go = self.gates["go"], self.gates["other"]
        self.executor.nodes = {
            "Wait": self.wait_node, "Steps": self.steps_node,
            "Text": lambda context, inputs: {"text": [inputs["text"]]},
            "Fail": self.fail_node,
        }

    def wait_node(self, context, inputs):
        """Ends when the test opens its gate, or when it is interrupted."""
        while not self.gates[inputs.get("gate", "go")].wait(0.01):
            context.check()

    def steps_node(self, context, inputs):
        for step in range(inputs["steps"]):
            context.progress(step + 1, inputs["steps"])
            time.sleep(inputs.get("seconds", 0))
        if "gate" in inputs:
            self.wait_node(context, inputs)

    def fail_node(self, context, inputs):
        raise ValueError("asked to fail")

    def follow(self, run=RUN, query="", **how):
        return Follower(self.client, f"/api/pilotlight/events/{run}{query}", **how)

    def queue_run(self, graph, run=RUN, number=1, extra=None):
        self.queue.put(number, run, graph=graph, extra=extra)

    async def until(self, is_there, seconds=5):
        end = time.monotonic() + seconds
        while not is_there():
            self.assertLess(time.monotonic(), end)
            await asyncio.sleep(0.005)


class Order(Case):
    async def test_a_whole_run_is_told_from_the_queue_to_the_history(self):
        self.queue_run({"0": node("Wait", gate="other")}, OTHER, 1)
        self.queue_run({"1": node("Text", text="a"), "2": node("Wait"),
                        "3": node("Text", text="b")}, RUN, 2)
        async with self.follow() as told:
            self.assertEqual(await told.first("status"),
                             {"prompt_id": RUN, "state": "pending", "ahead": 1})
            self.executor.start()
            await self.until(lambda: OTHER in self.queue.currently_running.get(0, []))
            await asyncio.sleep(0.1)
            self.assertEqual(told.names(), ["status"])  # nothing of the other run
            self.other_go.set()
            await told.first("output")
            self.assertFalse(told.is_over)
            await told.until(lambda told: told.all("progress")[-1]["node"] == "2")
            self.go.set()
            events = await told.end()
        names = told.names()
        self.assertEqual(told.all("status")[-1], {"prompt_id": RUN, "state": "running"})
        # In the run the first event is that it runs, the last its history.
        first = names.index("progress")
        self.assertEqual([data.get("state") for name, data in events[:first]][-1], "running")
        self.assertEqual(names[-1], "history")
        self.assertEqual(names.count("history"), 1)
        self.assertEqual(told.all("output"), [
            {"prompt_id": RUN, "node": "1", "output": {"text": ["a"]}},
            {"prompt_id": RUN, "node": "3", "output": {"text": ["b"]}}])
        finished = {"state": "finished", "value": 1, "max": 1}
        self.assertEqual(told.all("progress")[-1], {
            "prompt_id": RUN, "node": None,
            "nodes": {"1": finished, "2": finished, "3": finished}})
        self.assertIn({"prompt_id": RUN, "node": "2", "nodes": {
            "1": finished, "2": {"state": "running", "value": 0, "max": 1}}}, told.all("progress"))
        history = json.loads((await self.ask(f"/api/history/{RUN}", "GET", data=None))[2])
        self.assertEqual(told.all("history"), [{"prompt_id": RUN, "entry": history[RUN]}])
        self.assertEqual(told.reply.headers["Content-Type"], "text/event-stream")
        self.assertEqual(told.reply.headers["Cache-Control"], "no-store")

    async def test_who_comes_later_is_told_the_present_first(self):
        self.queue_run({"1": node("Text", text="a"), "2": node("Steps", steps=7, gate="go")})
        self.executor.start()
        async with self.follow() as first:
            await first.until(lambda told: told.names().count("progress")
                              and told.all("progress")[-1]["nodes"].get("2", {}).get("value") == 7)
            for _ in range(50):  # it may come as often as it likes
                async with self.follow() as again:
                    await again.first("output")
                self.assertEqual(again.names(), ["status", "progress", "output"])
                self.assertEqual(again.all("status"), [{"prompt_id": RUN, "state": "running"}])
                self.assertEqual(again.all("progress"), first.all("progress")[-1:])
                self.assertEqual(again.all("output"), first.all("output"))
            self.go.set()
            await first.end()
        self.assertEqual(first.names()[-1], "history")

    async def test_the_present_is_told_as_well_when_nobody_was_told_before(self):
        self.queue_run({"1": node("Text", text="a"), "2": node("Steps", steps=7, gate="go")})
        self.executor.start()
        await self.until(lambda: self.executor.registry.nodes.get("2", {}).get("value") == 7)
        async with self.follow() as told:
            await told.first("output")
            self.assertEqual(told.names(), ["status", "progress", "output"])
            self.assertEqual(told.all("progress")[0]["nodes"]["2"],
                             {"state": "running", "value": 7, "max": 7})
            self.go.set()
            await told.end()

    async def test_after_its_end_a_run_is_told_by_its_history_alone(self):
        self.queue_run({"1": node("Text", text="a")})
        self.executor.start()
        await self.until(lambda: RUN in self.queue.history)
        for _ in range(2):
            async with self.follow() as told:
                await told.end()
            self.assertEqual(told.names(), ["history"])
            self.assertEqual(told.all("history")[0]["entry"]["outputs"], {"1": {"text": ["a"]}})

    async def test_a_place_in_the_queue_is_told_whenever_it_changes(self):
        for number, run in enumerate([OTHER, "another", RUN]):
            self.queue_run({"1": node("Wait")}, run, number)
        async with self.follow() as told:
            await told.first("status")
            self.queue.drop("another")
            await told.until(lambda told: len(told.all("status")) == 2)
            self.queue.drop(OTHER)
            await told.until(lambda told: len(told.all("status")) == 3)
            self.assertEqual([data["ahead"] for data in told.all("status")], [2, 1, 0])
            self.queue.drop(RUN)
            await told.end()
        self.assertEqual(told.events[-1], ("gone", {"prompt_id": RUN}))

    async def test_a_run_that_is_nowhere_is_gone_after_a_second(self):
        began = time.monotonic()
        async with self.follow() as told:
            await told.end()
        self.assertEqual(told.events, [("gone", {"prompt_id": RUN})])
        self.assertTrue(0.99 < time.monotonic() - began < 1.5)

    async def test_the_gap_before_the_history_is_bridged(self):
        self.queue.put(1, RUN)
        self.queue.start()
        async with self.follow() as told:
            await asyncio.sleep(0.3)
            item = self.queue.leave()
            await asyncio.sleep(0.7)
            self.queue.enter_history(item)
            await told.end()
        self.assertEqual(told.names(), ["status", "history"])

    async def test_a_run_that_was_queued_twice_ends_with_the_first(self):
        self.queue_run({"1": node("Wait")}, RUN, 1)
        self.queue_run({"1": node("Wait")}, RUN, 2)
        self.executor.start()
        async with self.follow() as told:
            await told.first("progress")
            self.go.set()
            await told.end()
        self.assertEqual(told.names().count("history"), 1)

    async def test_the_same_id_again_is_told_anew(self):
        """0.3.64 takes any id, and one whose history was deleted once more."""
        graph = {"1": node("Text", text="a"), "2": node("Wait")}
        self.queue_run(graph)
        self.executor.start()
        self.go.set()
        await self.until(lambda: RUN in self.queue.history)
        self.queue.history.clear()
        self.go.clear()
        self.executor.cache.clear()
        self.queue.currently_running[0] = (0, OTHER, {}, {}, [])
        self.queue_run({"7": node("Text", text="b"), "2": node("Wait")})
        async with self.follow() as told:
            await told.first("status")
            del self.queue.currently_running[0]
            await told.until(lambda told: told.all("output"))
            self.assertEqual([data["node"] for data in told.all("output")], ["7"])
            await told.until(lambda told: list(told.all("progress")[-1]["nodes"]) == ["7", "2"])
            self.go.set()
            await told.end()

    async def test_the_same_id_again_is_told_anew_even_from_before_its_first_node(self):
        """It runs already, but ComfyUI has not exchanged the registry yet."""
        self.queue_run({"1": node("Text", text="a"), "2": node("Text", text="b")})
        self.executor.start()
        await self.until(lambda: RUN in self.queue.history)
        self.queue.history.clear()
        self.queue.currently_running[0] = (0, RUN, {}, {}, [])
        async with self.follow() as told:
            await told.first("status")
            await asyncio.sleep(0.1)
            self.queue_run({"7": node("Text", text="c"), "8": node("Wait")})
            del self.queue.currently_running[0]
            await told.until(lambda told: told.all("output")[-1:] and
                             told.all("output")[-1]["node"] == "7")
            await told.until(lambda told: list(told.all("progress")[-1]["nodes"]) == ["7", "8"])
            self.go.set()
            await told.end()


class OlderOrder(Order):
    older = True


class Ends(Case):
    async def test_a_cached_run_is_told_without_steps(self):
        graph = {"1": node("Text", text="a"), "2": node("Steps", steps=3)}
        self.queue_run(graph, OTHER)
        self.executor.start()
        await self.until(lambda: OTHER in self.queue.history)
        self.queue.put(1, "before", graph={**graph, "9": node("Wait")})
        self.queue_run(graph, RUN, 2)
        async with self.follow() as told:
            await told.first("status")
            self.go.set()
            await told.end()
        self.assertEqual(told.all("output"),
                         [{"prompt_id": RUN, "node": "1", "output": {"text": ["a"]}}])
        for progress in told.all("progress"):
            self.assertEqual({state["state"] for state in progress["nodes"].values()}, {"finished"})
            self.assertIsNone(progress["node"])
        self.assertEqual(told.names()[-1], "history")
        self.assertEqual(told.all("history")[0]["entry"]["status"]["status_str"], "success")

    async def test_a_node_that_fails_is_told_before_the_history(self):
        self.queue_run({"1": node("Text", text="a"), "2": node("Wait"), "3": node("Fail")})
        self.executor.start()
        async with self.follow() as told:
            await told.first("progress")
            self.go.set()
            await told.end()
        last = told.all("progress")[-1]
        self.assertEqual((last["node"], last["nodes"]["3"]),
                         (None, {"state": "error", "value": 0, "max": 1}))
        self.assertEqual(told.names()[-2:], ["progress", "history"])
        entry = told.all("history")[0]["entry"]
        self.assertEqual(entry["status"]["messages"][-1][1]["exception_message"], "asked to fail")
        self.assertEqual(entry["outputs"], {"1": {"text": ["a"]}})

    async def test_an_interrupted_run_ends_with_its_history(self):
        self.queue_run({"1": node("Wait"), "2": node("Text", text="a")})
        self.executor.start()
        async with self.follow() as told:
            await told.first("progress")
            self.executor.interrupt()
            await told.end()
        self.assertEqual(told.names()[-1], "history")
        self.assertEqual(told.all("output"), [])
        # It has not failed.
        self.assertEqual(told.all("progress")[-1]["nodes"]["1"]["state"], "running")
        status = told.all("history")[0]["entry"]["status"]
        self.assertEqual(status["messages"][-1][0], "execution_interrupted")

    async def test_of_the_run_after_it_nothing_is_told(self):
        self.queue_run({"1": node("Text", text="mine"), "2": node("Wait")}, RUN, 1)
        self.queue_run({"5": node("Text", text="theirs"), "6": node("Steps", steps=9, gate="other")},
                       OTHER, 2)
        async with self.follow() as mine, self.follow(OTHER) as theirs:
            self.executor.start()
            await mine.first("output")
            self.go.set()
            await mine.end()
            await theirs.first("output")
            self.assertEqual(mine.names()[-1], "history")
            self.other_go.set()
            await theirs.end()
        for told, run, nodes in [(mine, RUN, {"1", "2"}), (theirs, OTHER, {"5", "6"})]:
            self.assertEqual({data["prompt_id"] for _, data in told.events}, {run})
            self.assertEqual({name for data in told.all("progress") for name in data["nodes"]}, nodes)
            self.assertLessEqual({data["node"] for data in told.all("output")}, nodes)
            self.assertEqual(told.names()[-1], "history")

    async def test_a_short_run_loses_nothing_when_the_next_begins_at_once(self):
        """Shorter than the time between two looks, and no pause after it."""
        self.queue.put(0, "before", graph={"9": node("Wait")})
        graphs = {f"run {number}": {f"{number}": node("Text", text=str(number))}
                  for number in range(10)}
        for number, (run, graph) in enumerate(graphs.items(), 1):
            self.queue_run(graph, run, number)
        followers = [self.follow(run.replace(" ", "%20")) for run in graphs]
        for told in followers:
            await told.__aenter__()
            self.addAsyncCleanup(told.__aexit__)
        self.executor.start()
        await asyncio.sleep(0.1)
        self.go.set()
        for number, told in enumerate(followers):
            await told.end()
            self.assertEqual(told.all("output"), [
                {"prompt_id": f"run {number}", "node": f"{number}",
                 "output": {"text": [str(number)]}}])
            self.assertEqual(told.all("progress")[-1]["nodes"],
                             {f"{number}": {"state": "finished", "value": 1, "max": 1}})
            self.assertEqual(told.names()[-1], "history")

    async def test_a_wait_for_the_same_run_is_as_without(self):
        self.queue_run({"1": node("Wait")})
        self.executor.start()
        async with self.follow() as told:
            await told.first("progress")
            waiting = asyncio.create_task(self.ask(f"/api/pilotlight/wait/{RUN}?known=running"))
            await asyncio.sleep(0.2)
            self.assertFalse(waiting.done())
            self.go.set()
            self.assertEqual(list(json.loads((await waiting)[2])), [RUN])
            await told.end()


class OlderEnds(Ends):
    older = True


if __name__ == "__main__":
    unittest.main()
