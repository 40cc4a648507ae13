"""Who is told live events, which requests are answered with them, and which servers can."""

import asyncio
import json
import logging
import unittest
from unittest import mock

from case import ServedCase, load
from following import Follower
from stand_in import PromptServer
from stand_in_execution import ExecutionResult, Executor, ProgressRegistry
from test_events import OTHER, RUN, Case, node

EVENTS = f"/api/pilotlight/events/{RUN}"
KEY = "an open sesame"
PAGE = "https://the.page.example"


class Requests(Case):
    async def test_both_methods_and_both_paths_are_there(self):
        self.queue_run({"1": node("Text", text="a")})
        self.executor.start()
        for method in ["GET", "POST"]:
            for prefix in ["", "/api"]:
                with self.subTest(method=method, prefix=prefix):
                    path = f"{prefix}/pilotlight/events/{RUN}"
                    async with Follower(self.client, path, method) as told:
                        await told.end()
                    self.assertEqual(told.names()[-1], "history")
                    self.assertEqual(told.reply.headers["Access-Control-Allow-Origin"], "*")
        async with self.client.head(EVENTS) as reply:
            self.assertEqual((reply.status, reply.content_type), (200, "text/event-stream"))

    async def test_a_damaged_id_is_gone_and_nothing_else(self):
        self.module.events.NOWHERE_S = 0.1
        ids = ["none", "%00", "a%0Aevent:%20history%0A%0A%0Db", "%E7%8C%AB", "%FF",
               "..%2F..%2Fetc", "%22%5C", "%E2%80%A8", "x" * 6_000, "%F0%9F%98%80", "__proto__",
               RUN[:-1], RUN.upper(), RUN + "%20"]
        self.queue_run({"1": node("Wait")})
        self.executor.start()
        for run in ids:
            with self.subTest(run=run[:40]):
                async with self.follow(run) as told:
                    await told.end()
                self.assertEqual(told.names(), ["gone"])
        for path in ["", "/", f"/{RUN}/x", "/%7B%7D"]:
            self.assertIn((await self.ask(f"/api/pilotlight/events{path}"))[0], [404, 405])

    async def test_a_body_is_short_and_comes_soon(self):
        self.module.events.READ_S = 0.2

        async def endless():
            yield b'{"previews":'
            await asyncio.sleep(60)

        table = [(413, "body", b"x" * 70_000), (408, "slow", endless())]
        for status, kind, body in table:
            reply = await self.ask(EVENTS, data=body)
            self.assertEqual(reply[0], status)
            self.assertEqual(json.loads(reply[2])["error"]["type"], f"pilotlight_{kind}")
        async with self.follow(body="x" * 60_000) as told:
            await told.first("gone")

    async def test_a_number_that_is_none_is_written_as_the_history_writes_it(self):
        self.executor.nodes["NaN"] = lambda context, inputs: {"value": [float("nan")]}
        self.queue_run({"1": node("NaN", x=float("nan")), "2": node("Wait")})
        self.executor.start()
        asyncio.get_running_loop().call_later(0.3, self.go.set)
        async with self.client.post(EVENTS, data="{}") as reply:
            text = await reply.text()
        self.assertIn('"output": {"value": [NaN]}', text)
        waited = (await self.ask(f"/api/pilotlight/wait/{RUN}"))[2].decode()
        entry = text.split("event: history\ndata: ")[1]
        self.assertEqual(entry, f'{{"prompt_id": "{RUN}", "entry": {waited[len(RUN) + 5:-1]}}}\n\n')
        self.assertIn("NaN", waited)

    async def test_what_is_no_json_ends_only_its_own_stream(self):
        self.executor.nodes["Object"] = lambda context, inputs: {"value": [object()]}
        self.queue_run({"1": node("Object"), "2": node("Text", text="a"), "3": node("Wait")})
        self.queue_run({"1": node("Text", text="b")}, OTHER, 2)
        self.executor.start()
        with self.assertLogs(level=logging.WARNING):
            async with self.follow() as told, self.follow(OTHER) as other:
                await told.first("output")
                self.go.set()
                await told.end()
                await other.end()
        self.assertEqual([data["node"] for data in told.all("output")], ["2"])
        self.assertNotIn("history", told.names())
        self.assertEqual(other.names()[-1], "history")

    async def test_a_queue_that_cannot_be_read_ends_every_stream_and_the_next_is_as_before(self):
        self.queue_run({"1": node("Wait")})
        async with self.follow() as told, self.follow(OTHER) as other:
            await told.first("status")
            with self.assertLogs(level=logging.ERROR):
                with mock.patch.object(self.queue, "get_current_queue_volatile",
                                       side_effect=RuntimeError("no queue")):
                    await told.end()
                    await other.end()
        async with self.follow() as told:
            await told.first("status")


class Guarded(Case):
    async def asyncSetUp(self):
        pass

    async def serve_with(self, **environ):
        await self.serve(environ, flag=None)
        self.queue.history[RUN] = {"outputs": {}}

    async def test_the_key_is_wanted_and_the_rest_of_the_body_is_read(self):
        await self.serve_with(PILOTLIGHT_KEY=KEY)
        for body in ["", "{}", '{"key":"another"}', '{"previews":false}']:
            for method in ["GET", "POST"]:
                self.assertEqual((await self.ask(EVENTS, method, data=body))[0], 401)
        with mock.patch.object(self.module.events, "Client", wraps=self.module.events.Client) as made:
            for more, wants in [({}, True), ({"previews": False}, False)]:
                body = json.dumps({"key": KEY, "model": "m", **more})
                async with self.follow(body=body) as told:
                    await told.end()
                self.assertEqual(told.names(), ["history"])
                self.assertEqual(made.call_args[0][1], wants)

    async def test_a_listed_page_may_read_it_and_no_other(self):
        await self.serve_with(PILOTLIGHT_ORIGINS=PAGE)
        headers = {"Origin": PAGE, "Sec-Fetch-Site": "cross-site"}
        async with self.follow(headers=headers) as told:
            await told.end()
        self.assertEqual(told.reply.headers.getall("Access-Control-Allow-Origin"), [PAGE])
        self.assertEqual(told.reply.headers.getall("Vary"), ["Origin"])
        self.assertEqual(told.names(), ["history"])
        reply = await self.ask(EVENTS, data="{}", headers={**headers, "Origin": PAGE + ".evil.example"})
        self.assertEqual(reply[0], 403)

    async def test_no_page_holds_it_by_an_image(self):
        await self.serve_with()
        for site in ["cross-site", "same-site"]:
            reply = await self.ask(EVENTS, "GET", data=None, headers={"Sec-Fetch-Site": site})
            self.assertEqual(reply[0], 403)

    async def test_without_the_guard_comfyui_says_who_may_read_it(self):
        for flag in ["*", "https://the.page.example", None]:
            await self.serve(flag=flag)
            self.queue.history[RUN] = {"outputs": {}}
            async with self.follow() as told:
                await told.end()
            self.assertEqual(told.reply.headers.get("Access-Control-Allow-Origin"), flag)


class OtherServers(ServedCase):
    async def test_a_server_without_a_registry_tells_where_a_run_is(self):
        await self.serve()
        self.queue.put(1, RUN)
        async with Follower(self.client, EVENTS) as told:
            await told.first("status")
            self.queue.start()
            await told.until(lambda told: len(told.all("status")) == 2)
            self.queue.finish()
            await told.end()
        self.assertEqual(told.names(), ["status", "status", "history"])

    async def execute(self, original, *arguments):
        """What the executor gets of a function that runs nodes when the extension is there."""
        server = PromptServer()
        executor = Executor(server)
        self.addCleanup(executor.uninstall)
        executor.module.execute = original
        load(server)
        self.assertIsNot(executor.module.execute, original)
        return [await executor.module.execute(*arguments, more=1) for _ in range(3)]

    async def test_an_executor_of_another_kind_runs_as_without_the_extension(self):
        table = [(), (1,), (None, None, None, "1"), (None, None, {}, 7, {}, set(), RUN)]
        for arguments in table:
            for result in [None, 7, (), (None, None, None), (ExecutionResult.SUCCESS, None, None)]:
                async def original(*got, **more):
                    self.assertEqual((got, more), (arguments, {"more": 1}))
                    return result

                with self.subTest(arguments=arguments, result=result):
                    with self.assertLogs(level=logging.WARNING) as logged:
                        self.assertEqual(await self.execute(original, *arguments), [result] * 3)
                    self.assertEqual(len(logged.output), 1)

    async def test_what_a_node_raises_is_raised(self):
        async def original(*arguments, **more):
            raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt):
            await self.execute(original)

    async def test_a_registry_of_another_kind_stops_no_run_and_mixes_up_none(self):
        await self.serve(executes="0.33")
        self.executor.nodes["Text"] = lambda context, inputs: {"text": [inputs["text"]]}
        seen = []
        observe = self.module.observer.Observer.before_node

        def before(observer, *more):
            seen.append(observer)
            observe(observer, *more)

        with mock.patch.object(self.module.observer.Observer, "before_node", before):
            self.queue.put(1, OTHER, graph={"1": node("Text", text="first")})
            self.executor.start()
            async with Follower(self.client, f"/pilotlight/events/{OTHER}") as told:
                await told.end()
            with mock.patch.object(ProgressRegistry, "register_handler",
                                   side_effect=[None, TypeError("another")]) as registered:
                with self.assertLogs(level=logging.WARNING):
                    self.queue.put(1, RUN, graph={"1": node("Text", text="second")})
                    async with Follower(self.client, EVENTS) as told:
                        await told.end()
        self.assertEqual(registered.call_count, 2)
        self.assertEqual(told.all("history")[0]["entry"]["outputs"], {"1": {"text": ["second"]}})
        self.assertEqual(told.all("output"), [])
        self.assertEqual(seen[0].current.outputs, [("1", {"text": ["first"]})])


if __name__ == "__main__":
    unittest.main()
