"""The extension against a stand-in for ComfyUI's server object, over real sockets."""

import asyncio
import json
import logging
import time
import types
import unittest
from unittest import mock

from case import ServedCase, load
from stand_in import PromptServer

RUN = "084c03b5-9383-4e19-92d7-81b7f55743a9"
OTHER = "159e5d9b-f7a8-4211-9349-8f271caf94d2"
WAIT = f"/api/pilotlight/wait/{RUN}"


class Case(ServedCase):
    async def asyncSetUp(self):
        await self.serve()

    async def wait(self, known=None, method="POST"):
        """Asks, and tells how long the answer took."""
        began = time.monotonic()
        path = WAIT if known is None else f"{WAIT}?known={known}"
        async with self.client.request(method, path, data="{}") as reply:
            self.assertEqual(reply.status, 200)
            return await reply.json(), time.monotonic() - began


class Twins(Case):
    async def test_each_answers_a_post_as_the_core_answers_a_get(self):
        self.queue.put(1, RUN)
        self.queue.start()
        self.queue.finish()
        for path in ["prompt", "queue", "history", f"history/{RUN}", "history/none", "system_stats",
                     "object_info", "object_info/ShowText%7Cpysssss", "view?filename=a.png&rand=1",
                     "view"]:
            for prefix in ["", "/api"]:
                with self.subTest(path=path, prefix=prefix):
                    get = await self.ask(f"{prefix}/{path}", "GET", data=None)
                    twin = await self.ask(f"{prefix}/pilotlight/{path}")
                    self.assertEqual(twin[0], get[0])
                    self.assertEqual(twin[2], get[2])
                    if get[2]:
                        self.assertEqual(twin[1]["Content-Type"], get[1]["Content-Type"])
                    self.assertEqual(twin[1]["Access-Control-Allow-Origin"], "*")

    async def test_a_file_carries_its_date(self):
        _, headers, _ = await self.ask("/api/pilotlight/view?filename=a.png&rand=1")
        self.assertEqual(headers["Last-Modified"], "Sun, 22 Nov 2026 08:26:54 GMT")

    async def test_any_body_is_ignored(self):
        for body in [b"", b"{", b"[]", b"\xff\xfe", b"x" * 200_000]:
            with self.subTest(body=body[:9]):
                status, _, text = await self.ask("/api/pilotlight/system_stats", data=body)
                self.assertEqual((status, text), (200, b'{"system": {"comfyui_version": "0.33.0"}}'))

    async def test_the_core_keeps_its_own_routes(self):
        self.assertEqual((await self.ask("/api/queue"))[2], b'"the core\'s own POST"')
        self.assertEqual((await self.ask("/api/pilotlight/queue", "GET", data=None))[0], 405)
        self.assertEqual((await self.ask("/api/pilotlight/nothing"))[0], 404)


class Wait(Case):
    async def test_a_finished_run_is_answered_like_the_history(self):
        self.queue.put(1, RUN)
        self.queue.start()
        self.queue.finish()
        for known in [None, "running", "pending:0"]:
            with self.subTest(known=known):
                answer, took = await self.wait(known)
                self.assertEqual(list(answer), [RUN])
                self.assertLess(took, 0.5)
        held = await self.ask(WAIT)
        self.assertEqual(held[2], (await self.ask(f"/api/history/{RUN}", "GET", data=None))[2])
        self.assertEqual(held[1]["Access-Control-Allow-Origin"], "*")

    async def test_both_methods_and_both_paths_are_there(self):
        for method in ["GET", "POST"]:
            for prefix in ["", "/api"]:
                with self.subTest(method=method, prefix=prefix):
                    self.queue.history[RUN] = {"outputs": {}}
                    status, _, _ = await self.ask(f"{prefix}/pilotlight/wait/{RUN}", method)
                    self.assertEqual(status, 200)

    async def test_the_state_is_told_when_it_is_another_than_the_known_one(self):
        self.queue.put(5, OTHER)
        self.queue.start()
        self.queue.put(9, RUN, sensitive=True)
        self.queue.put(7, "earlier")
        self.queue.put(11, "later")
        self.queue.put(-1, "in front")
        pending = {"pilotlight": {"state": "pending", "ahead": 3}}
        for known in ["pending:0", "pending:2", "running", "nonsense", ""]:
            with self.subTest(known=known):
                answer, took = await self.wait(known)
                self.assertEqual(answer, pending)
                self.assertLess(took, 0.5)
        self.queue.drop("earlier")
        self.assertEqual((await self.wait("pending:3"))[0]["pilotlight"]["ahead"], 2)

    async def test_equal_numbers_are_ordered_by_id_as_the_heap_orders_them(self):
        self.queue.put(1, RUN)
        self.queue.put(1, OTHER)
        self.assertEqual((await self.wait("running"))[0]["pilotlight"]["ahead"], 0)
        self.queue.put(1, "0")
        self.assertEqual((await self.wait("running"))[0]["pilotlight"]["ahead"], 1)

    async def test_a_run_that_was_queued_twice_is_where_its_first_copy_is(self):
        self.queue.put(1, RUN)
        self.queue.put(2, OTHER)
        self.queue.put(3, RUN)
        self.assertEqual((await self.wait("running"))[0]["pilotlight"]["ahead"], 0)
        self.queue.start()
        self.assertEqual((await self.wait("pending:0"))[0], {"pilotlight": {"state": "running"}})
        self.queue.finish()
        self.assertEqual(list((await self.wait("running"))[0]), [RUN])

    async def test_news_end_the_wait_at_once(self):
        self.queue.put(1, RUN)
        waiting = asyncio.create_task(self.wait("pending:0"))
        await asyncio.sleep(0.2)
        self.assertFalse(waiting.done())
        self.queue.start()
        answer, took = await waiting
        self.assertEqual(answer, {"pilotlight": {"state": "running"}})
        self.assertLess(took, 0.35)
        waiting = asyncio.create_task(self.wait("running"))
        await asyncio.sleep(0.2)
        self.assertFalse(waiting.done())
        self.queue.finish()
        answer, took = await waiting
        self.assertEqual(list(answer), [RUN])
        self.assertLess(took, 0.35)

    async def test_without_a_known_state_only_the_end_counts(self):
        self.queue.put(1, RUN)
        waiting = asyncio.create_task(self.wait())
        await asyncio.sleep(0.1)
        self.queue.start()
        await asyncio.sleep(0.1)
        self.assertFalse(waiting.done())
        self.queue.finish()
        self.assertEqual(list((await waiting)[0]), [RUN])

    async def test_a_run_that_is_nowhere_is_answered_after_the_gap(self):
        answer, took = await self.wait("running")
        self.assertEqual(answer, {})
        self.assertGreater(took, 0.99)
        self.assertLess(took, 1.5)

    async def test_the_gap_before_the_history_is_bridged(self):
        self.queue.put(1, RUN)
        self.queue.start()
        waiting = asyncio.create_task(self.wait("running"))
        await asyncio.sleep(0.5)
        item = self.queue.leave()
        await asyncio.sleep(0.7)
        self.assertFalse(waiting.done())
        self.queue.enter_history(item)
        self.assertEqual(list((await waiting)[0]), [RUN])

    async def test_a_deleted_run_is_nowhere(self):
        self.queue.put(1, RUN)
        waiting = asyncio.create_task(self.wait("pending:0"))
        await asyncio.sleep(0.1)
        self.queue.drop(RUN)
        self.assertEqual((await waiting)[0], {})

    async def test_the_wait_has_a_limit(self):
        self.assertEqual(self.module.wait.WAIT_S, 25.0)
        self.module.wait.WAIT_S = 0.3
        self.queue.put(1, RUN)
        for known in ["pending:0", None]:
            answer, took = await self.wait(known)
            self.assertEqual(answer, {"pilotlight": {"state": "pending", "ahead": 0}})
            self.assertTrue(0.29 < took < 0.6, took)
        self.queue.start()
        self.assertEqual((await self.wait("running"))[0], {"pilotlight": {"state": "running"}})

    async def test_nobody_is_waited_for_who_has_left(self):
        self.queue.put(1, RUN)
        waiting = asyncio.create_task(self.wait("pending:0"))
        await asyncio.sleep(0.2)
        waiting.cancel()
        self.assertGreater(self.queue.looks, 3)
        self.assertEqual(self.module.wait.BREATH_S, 0.5)
        await asyncio.sleep(0.7)
        looks = self.queue.looks
        await asyncio.sleep(0.2)
        self.assertEqual(self.queue.looks, looks)

    async def test_the_queue_is_looked_at_once_for_all_waits_and_only_while_there_are_any(self):
        for number in range(50):
            self.queue.put(number, f"run {number}")
        self.assertEqual(self.queue.looks, 0)
        paths = [f"/pilotlight/wait/run%20{n}?known=pending:{n}" for n in range(50)]
        waiting = [asyncio.create_task(self.ask(path)) for path in paths]
        while self.queue.looks <= len(waiting):  # one each when they come
            await asyncio.sleep(0.1)
        looks, began = self.queue.looks, time.monotonic()
        await asyncio.sleep(0.5)
        looks, took = self.queue.looks - looks, time.monotonic() - began
        self.assertGreater(looks, 5)
        self.assertLessEqual(looks, took / self.module.wait.TICK_S + 1)
        self.queue.start()
        first = json.loads((await waiting[0])[2])
        self.assertEqual(first, {"pilotlight": {"state": "running"}})
        await asyncio.sleep(0.1)
        # The running one is still before the others.
        self.assertEqual([task.done() for task in waiting[1:]], [False] * 49)
        self.queue.drop("run 1")
        self.assertEqual((await waiting[1])[2], b"{}")
        states = [json.loads((await task)[2])["pilotlight"] for task in waiting[2:]]
        self.assertEqual([state["ahead"] for state in states], list(range(1, 49)))

    async def test_a_queue_that_cannot_be_read_ends_every_wait_and_the_next_is_as_before(self):
        self.queue.put(1, RUN)
        self.queue.put(2, OTHER)
        waiting = [asyncio.create_task(self.ask(f"/pilotlight/wait/{run}?known=pending:{ahead}"))
                   for ahead, run in enumerate([RUN, OTHER])]
        await asyncio.sleep(0.2)
        volatile = self.queue.get_current_queue_volatile
        self.queue.get_current_queue_volatile = None
        self.queue.get_current_queue = mock.Mock(side_effect=RuntimeError("no queue"))
        with self.assertLogs(level=logging.ERROR):
            self.assertEqual([(await task)[0] for task in waiting], [500, 500])
        self.queue.get_current_queue_volatile = volatile
        waiting = asyncio.create_task(self.wait("pending:0"))
        await asyncio.sleep(0.1)
        self.queue.start()
        self.assertEqual((await waiting)[0], {"pilotlight": {"state": "running"}})

    async def test_waits_for_one_run_keep_their_own_time_and_state(self):
        self.module.wait.WAIT_S = 0.8
        self.queue.put(1, RUN)
        first = asyncio.create_task(self.wait())
        await asyncio.sleep(0.4)
        second = asyncio.create_task(self.wait("pending:0"))
        pending = {"pilotlight": {"state": "pending", "ahead": 0}}
        self.assertEqual((await self.wait("running"))[0], pending)
        for task in [first, second]:
            answer, took = await task
            self.assertEqual(answer, pending)
            self.assertTrue(0.79 < took < 1.3, took)
        # One that comes while the run is nowhere is given its own second.
        self.queue.drop(RUN)
        self.module.wait.WAIT_S = 25.0
        first = asyncio.create_task(self.wait("running"))
        await asyncio.sleep(0.5)
        second = asyncio.create_task(self.wait("running"))
        for task in [first, second]:
            answer, took = await task
            self.assertEqual(answer, {})
            self.assertTrue(0.99 < took < 1.5, took)

    async def test_many_wait_at_once(self):
        self.queue.put(1, RUN)
        self.queue.start()
        waiting = [asyncio.create_task(self.wait("running")) for _ in range(40)]
        await asyncio.sleep(0.3)
        self.queue.finish()
        ended = time.monotonic()
        for answer, _ in await asyncio.gather(*waiting):
            self.assertEqual(list(answer), [RUN])
        self.assertLess(time.monotonic() - ended, 1.0)


class Awake(Case):
    async def test_it_is_held_for_as_long_as_a_wait_and_says_nothing(self):
        self.module.wait.WAIT_S = 0.3
        for method in ["GET", "POST"]:
            for prefix in ["", "/api"]:
                with self.subTest(method=method, prefix=prefix):
                    began = time.monotonic()
                    status, headers, text = await self.ask(f"{prefix}/pilotlight/awake", method)
                    self.assertEqual((status, text), (200, b"{}"))
                    self.assertEqual(headers["Access-Control-Allow-Origin"], "*")
                    self.assertTrue(0.29 < time.monotonic() - began < 0.6)

    async def test_it_needs_no_run_and_looks_at_no_queue(self):
        self.module.wait.WAIT_S = 0.1
        self.queue.put(1, RUN)
        looks = self.queue.looks
        self.assertEqual((await self.ask("/api/pilotlight/awake?model=m", "GET", data=None))[2], b"{}")
        self.assertEqual(self.queue.looks, looks)

    async def test_nobody_is_held_who_has_left(self):
        self.module.wait.BREATH_S = 0.02
        breaths = []

        def monotonic():
            breaths.append(1)
            return time.monotonic()

        self.module.wait.time = types.SimpleNamespace(monotonic=monotonic)
        asking = asyncio.create_task(self.ask("/api/pilotlight/awake"))
        await asyncio.sleep(0.2)
        asking.cancel()
        await asyncio.sleep(0.2)
        count = len(breaths)
        self.assertGreater(count, 3)
        await asyncio.sleep(0.2)
        self.assertEqual(len(breaths), count)


class OtherSites(Case):
    """No key and no origins; a page of another site fetches an image, or what it says is one."""

    async def test_they_hold_no_request(self):
        self.module.wait.WAIT_S = self.module.wait.NOWHERE_S = 0.1
        table = [("cross-site", None, 403), ("same-site", None, 403), ("same-origin", None, 200),
                 ("none", None, 200), (None, None, 200), ("cross-site", "https://a.example", 200)]
        for site, origin, status in table:
            for path in ["/pilotlight/awake", WAIT]:
                with self.subTest(site=site, origin=origin, path=path):
                    headers = {"Sec-Fetch-Site": site, "Origin": origin}
                    headers = {name: value for name, value in headers.items() if value is not None}
                    reply = await self.ask(path, "GET", headers=headers)
                    self.assertEqual(reply[0], status)
                    if status == 403:
                        self.assertEqual(json.loads(reply[2])["error"]["type"], "pilotlight_origin")
        named = {"Origin": "https://a.example", "Sec-Fetch-Site": "cross-site"}
        self.assertEqual((await self.ask(WAIT, headers=named))[0], 200)


class OtherServers(Case):
    async def asyncSetUp(self):
        pass

    async def test_an_older_queue_is_read_too(self):
        await self.serve(older=True)
        self.queue.put(1, RUN)
        self.assertEqual((await self.wait("running"))[0]["pilotlight"]["ahead"], 0)

    async def test_a_second_copy_leaves_the_first_alone(self):
        server = PromptServer()
        load(server)
        with self.assertLogs(level=logging.WARNING):
            load(server)
        server.add_routes()

    async def test_a_server_without_a_core_route_is_left_as_it_is(self):
        server = PromptServer(without=["/system_stats"])
        routes = len(server.routes)
        with self.assertLogs(level=logging.WARNING) as logged:
            self.assertEqual(load(server).NODE_CLASS_MAPPINGS, {})
        self.assertIn("/system_stats", logged.output[0])
        self.assertEqual(len(server.routes), routes)


if __name__ == "__main__":
    unittest.main()
