"""How much live events say at most, to whom, and what does not stop them."""

import asyncio
import base64
import io
import json
import logging
import socket
import time
import unittest
from unittest import mock

from PIL import Image

from case import ServedCase, load
from following import Follower
from stand_in import PromptServer
from stand_in_execution import ExecutionResult, Executor, Expanded, ProgressRegistry
from test_events import OTHER, RUN, Case, node

EVENTS = f"/api/pilotlight/events/{RUN}"
KEY = "an open sesame"
PAGE = "https://the.page.example"


class Progress(Case):
    async def test_it_is_told_at_most_five_times_a_second_and_the_newest_is_not_lost(self):
        self.assertEqual(self.module.events.PROGRESS_S, 0.2)
        self.queue_run({"1": node("Steps", steps=300, seconds=0.005, gate="go")})
        self.executor.start()
        async with self.follow() as told:
            began = time.monotonic()
            await told.until(lambda told: told.all("progress")
                             and told.all("progress")[-1]["nodes"]["1"]["value"] == 300)
            took = time.monotonic() - began
            count = len(told.all("progress"))
            # At once and then every fifth of a second; the newest comes although nothing follows it.
            self.assertTrue(5 <= count <= took / 0.2 + 2, (count, took))
            self.assertGreater(min(told.gaps("progress")), 0.15)
            self.go.set()
            await told.end()
        values = [data["nodes"]["1"]["value"] for data in told.all("progress")]
        self.assertEqual(values, sorted(values))
        self.assertEqual(told.all("progress")[-1]["nodes"]["1"]["state"], "finished")

    async def test_nothing_is_told_while_nothing_happens(self):
        self.queue_run({"1": node("Wait")})
        self.executor.start()
        async with self.follow() as told:
            await told.first("progress")
            await asyncio.sleep(0.5)
            self.assertEqual(told.names(), ["status", "progress"])

    async def test_nodes_that_another_is_expanded_into_are_shown_as_it(self):
        inner = {"5.0.1": node("Text", text="in"), "5.0.2": node("Steps", steps=4, gate="go"),
                 "5.0.3": node("Steps", steps=2, gate="other")}
        self.executor.nodes["Expand"] = lambda context, inputs: Expanded(inner, {"5.0.3": "6"})
        self.queue_run({"5": node("Expand"), "6": node("Text", text="out")})
        self.executor.start()
        async with self.follow() as told:
            await told.until(lambda told: told.all("progress")
                             and told.all("progress")[-1]["nodes"]["5"]["max"] == 4)
            last = told.all("progress")[-1]
            self.assertEqual((last["node"], last["nodes"]),
                             ("5", {"5": {"state": "running", "value": 4, "max": 4}}))
            self.go.set()
            await told.until(lambda told: "6" in told.all("progress")[-1]["nodes"])
            last = told.all("progress")[-1]
            self.assertEqual(last["node"], "6")
            # It still waits for what is shown elsewhere.
            self.assertEqual(last["nodes"]["5"]["state"], "running")
            self.other_go.set()
            await told.end()
        last = told.all("progress")[-1]
        self.assertEqual({state["state"] for state in last["nodes"].values()}, {"finished"})
        self.assertEqual(set(last["nodes"]), {"5", "6"})
        # An output has the name that it has in the history.
        outputs = {data["node"]: data["output"] for data in told.all("output")}
        self.assertEqual(outputs, {"5.0.1": {"text": ["in"]}, "6": {"text": ["out"]}})
        self.assertEqual(outputs, told.all("history")[0]["entry"]["outputs"])

    async def test_a_value_that_is_no_number_and_a_node_without_a_name_are_bearable(self):
        class Odd:
            def __float__(self):
                return 3.0

        table = [(Odd(), 3), (float("nan"), 0), (float("inf"), 0), (10**400, 0), (None, 0),
                 ("x", 0), (2.5, 2.5), (True, 1), (2**60, float(2**60))]

        def odd(context, inputs):
            context.progress(1, 2, node_id=None)
            for value, _ in table:
                context.progress(value, value)
                time.sleep(0.25)
            context.progress(1, 2, node_id=7)

        self.executor.nodes["Odd"] = odd
        self.queue_run({"1": node("Odd"), "2": node("Text", text="a")})
        self.executor.start()
        async with self.follow() as told:
            await told.end(10)
        seen = [data["nodes"]["1"]["value"] for data in told.all("progress")]
        for _, value in table:
            self.assertIn(value, seen)
        self.assertEqual(set(told.all("progress")[-1]["nodes"]), {"1", "2"})
        self.assertEqual(len(told.all("output")), 1)


class OlderProgress(Progress):
    older = True


class Previews(Case):
    def show(self, images, seconds=0.0, then=None):
        """A node that gives these as previews and then waits."""
        def run(context, inputs):
            for number, image in enumerate(images, 1):
                context.progress(number, len(images), image)
                time.sleep(seconds)
            self.wait_node(context, inputs)

        self.executor.nodes["Show"] = run
        self.queue_run({"3": node("Show"), "4": node("Text", text="a")})

    @staticmethod
    def image(size, mode="RGB", colour=None):
        return ("JPEG", Image.new(mode, size, colour), 512)

    def picture(self, preview):
        data = base64.b64decode(preview["data"], validate=True)
        self.assertEqual(set(preview), {"prompt_id", "node", "media", "width", "height", "data"})
        self.assertEqual((preview["prompt_id"], preview["media"]), (RUN, "image/jpeg"))
        picture = Image.open(io.BytesIO(data))
        self.assertEqual((picture.format, picture.mode), ("JPEG", "RGB"))
        self.assertEqual(picture.size, (preview["width"], preview["height"]))
        return picture

    async def test_they_are_small_and_come_at_most_twice_a_second(self):
        self.assertEqual((self.module.events.PREVIEW_S, self.module.previews.SIDE), (0.5, 384))
        reds = [self.image((1024, 512), colour=(red, 0, 0)) for red in range(0, 250, 5)]
        self.show(reds, 0.03)
        async with self.follow() as told:
            self.executor.start()
            await told.until(lambda told: told.all("progress")
                             and told.all("progress")[-1]["nodes"]["3"]["value"] == 50)
            await asyncio.sleep(0.6)
            previews = told.all("preview")
            self.assertTrue(3 <= len(previews) <= 6, len(previews))
            self.assertGreater(min(told.gaps("preview")), 0.4)
            for preview in previews:
                self.assertEqual(preview["node"], "3")
                self.assertEqual(self.picture(preview).size, (384, 192))
            # The last one is not lost.
            self.assertAlmostEqual(self.picture(previews[-1]).getpixel((9, 9))[0], 245, delta=8)
            self.go.set()
            await told.end()

    async def test_any_kind_of_picture_becomes_one_and_none_grows(self):
        table = [((64, 48), "RGB"), ((300, 400), "RGBA"), ((384, 384), "L"), ((5000, 10), "RGB"),
                 ((10, 5000), "P"), ((64, 64), "1"), ((64, 64), "CMYK"), ((64, 64), "F"),
                 ((500, 500), "LA"), ((3000, 3000), "RGB")]
        self.module.events.PREVIEW_S = 0.0
        self.show([self.image(size, mode) for size, mode in table], 0.2)
        async with self.follow() as told:
            self.executor.start()
            await told.until(lambda told: len(told.all("preview")) == len(table))
        sizes = [self.picture(preview).size for preview in told.all("preview")]
        self.assertEqual(sizes, [(64, 48), (288, 384), (384, 384), (384, 1), (1, 384), (64, 64),
                                 (64, 64), (64, 64), (384, 384), (384, 384)])

    async def test_what_is_no_picture_stops_nothing(self):
        self.module.events.PREVIEW_S = 0.0
        closed = self.image((64, 64))
        closed[1].close()
        no_pictures = [("JPEG", b"bytes", None), ("JPEG", None, None), b"bytes", 7, (), "x", {},
                       closed, ("JPEG", "file", 1)]
        self.show([*no_pictures, self.image((64, 64))], 0.05)
        async with self.follow() as told:
            self.executor.start()
            await told.first("preview")
            self.go.set()
            await told.end()
        self.assertEqual(len(told.all("preview")), 1)
        self.assertEqual(told.names()[-1], "history")

    async def test_who_wants_none_is_sent_none(self):
        self.show([self.image((64, 64), colour=(n, n, n)) for n in range(40)], 0.05)
        body = json.dumps({"model": "m", "previews": False})
        table = [({"body": body}, False), ({"query": "?previews=0"}, False),
                 ({"query": "?previews=false", "method": "GET"}, False),
                 ({"query": "?previews=0", "method": "GET"}, False), ({}, True),
                 ({"query": "?previews=1"}, True), ({"method": "GET"}, True),
                 ({"body": '{"previews":0}'}, True), ({"body": '{"previews":true}'}, True),
                 ({"body": "[false]"}, True), ({"body": ""}, True), ({"body": "{"}, True),
                 ({"body": "[" * 60_000}, True), ({"body": '{"previews":"false"}'}, True),
                 ({"body": b"\xff\xfe"}, True), ({"body": '{"previews":' + "1" * 9_000}, True)]
        followers = [self.follow(**how) for how, _ in table]
        for told in followers:
            await told.__aenter__()
            self.addAsyncCleanup(told.__aexit__)
        self.executor.start()
        await followers[-1].first("preview")
        await asyncio.sleep(0.6)
        for number, (told, (_, wants)) in enumerate(zip(followers, table)):
            with self.subTest(number=number):
                self.assertEqual(bool(told.all("preview")), wants)
                self.assertGreater(len(told.all("progress")), 2)
        self.go.set()
        for told in followers:
            await told.end()

    async def test_none_is_made_when_nobody_wants_one(self):
        self.show([self.image((64, 64))] * 3)
        with mock.patch.object(self.module.events, "preview_of") as made:
            async with self.follow(query="?previews=0") as told:
                self.executor.start()
                await told.until(lambda told: told.all("progress")[-1:]
                                 and told.all("progress")[-1]["nodes"]["3"]["value"] == 3)
                self.go.set()
                await told.end()
            made.assert_not_called()

    async def test_one_that_an_output_has_overtaken_is_not_sent(self):
        def run(context, inputs):
            context.progress(1, 1, self.image((64, 64)))
            context.progress(1, 1, self.image((65, 65)))

        self.executor.nodes["Show"] = run
        self.queue_run({"3": node("Wait"), "4": node("Show"), "5": node("Text", text="a"),
                        "6": node("Wait", gate="other")})
        self.executor.start()
        async with self.follow() as told:
            await told.first("progress")
            self.go.set()
            await told.first("output")
            await asyncio.sleep(0.7)
            self.other_go.set()
            await told.end()
        self.assertEqual(told.all("preview"), [])


class Readers(Case):
    def show_large(self, count):
        """A node whose progress changes all the time, among so many that an event is large."""
        def run(context, inputs):
            for name in range(4_000):
                self.executor.registry.update_progress(f"node {name}", 0, 1)
            for step in range(count):
                context.progress(step + 1, count)
                time.sleep(0.1)
            self.wait_node(context, inputs)

        self.executor.nodes["Large"] = run
        self.queue_run({"1": node("Large")})

    async def slow(self):
        """A connection whose other side reads nothing yet."""
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        sock.setblocking(False)
        url = self.client._base_url
        loop = asyncio.get_running_loop()
        await loop.sock_connect(sock, (url.host, url.port))
        await loop.sock_sendall(sock, f"GET {EVENTS} HTTP/1.0\r\nHost: x\r\n\r\n".encode())
        self.addCleanup(sock.close)
        return sock

    async def test_who_reads_slowly_is_told_the_newest_and_nothing_is_kept_for_it(self):
        self.show_large(40)
        async with self.follow() as quick:
            self.executor.start()
            await quick.first("progress")
            sock = await self.slow()
            await quick.until(lambda told: told.all("progress")[-1]["nodes"]["1"]["value"] == 40, 20)
            await asyncio.sleep(0.3)
            self.assertGreater(len(quick.all("progress")), 10)
            self.go.set()
            await quick.end()
            loop, data = asyncio.get_running_loop(), b""
            while part := await asyncio.wait_for(loop.sock_recv(sock, 1 << 20), 10):
                data += part
        blocks = data.split(b"\r\n\r\n", 1)[1].decode().split("\n\n")
        names = [block.split("\n")[0] for block in blocks if block]
        # What had left for it when it did not read; then the end of the run, and nothing between.
        self.assertLess(names.count("event: progress"), 5, names)
        self.assertEqual(names[-1], "event: history")
        last = [block for block in blocks if block.startswith("event: progress")][-1]
        self.assertEqual(json.loads(last.split("data: ")[1])["nodes"]["1"]["state"], "finished")

    async def test_who_reads_nothing_for_long_is_let_go(self):
        self.assertEqual(self.module.events.STALL_S, 30.0)
        self.module.events.STALL_S = 0.5
        self.show_large(200)
        self.executor.start()
        count = self.count_streams()
        for _ in range(3):
            await self.slow()
        await self.until(lambda: count() == 3)
        await self.until(lambda: count() == 0, 10)

    def count_streams(self):
        """Returns what tells how many streams there are."""
        routes = [route for route in self.server.routes if "/events/" in getattr(route, "path", "")]
        cells = [cell.cell_contents for route in routes for cell in route.handler.__closure__]
        streams = [cell for cell in cells if isinstance(cell, self.module.events.Streams)]
        self.assertEqual(len(streams), 1)
        return lambda: streams[0].count

    async def test_nothing_is_looked_at_for_who_has_left(self):
        self.queue_run({"1": node("Wait")})
        self.executor.start()
        count = self.count_streams()
        async with self.follow() as told, self.follow(OTHER):
            await told.first("progress")
            self.assertEqual(count(), 2)
        await self.until(lambda: count() == 0, 2)
        await asyncio.sleep(0.1)
        looks = self.queue.looks
        await asyncio.sleep(0.2)
        self.assertEqual(self.queue.looks, looks)
        self.assertFalse(self.executor.registry.handlers["pilotlight"].record.wants_images)

    async def test_only_so_many_are_served_at_once(self):
        self.assertEqual(self.module.events.STREAMS, 256)
        self.module.events.STREAMS = 2
        self.queue_run({"1": node("Wait")})
        self.executor.start()
        async with self.follow() as first:
            async with self.follow() as second:
                await first.first("progress")
                await second.first("progress")
                status, headers, text = await self.ask(EVENTS)
                self.assertEqual((status, headers["Retry-After"]), (503, "5"))
                self.assertEqual(json.loads(text)["error"]["type"], "pilotlight_busy")
                self.assertFalse(first.is_over or second.is_over)
            count = self.count_streams()
            await self.until(lambda: count() == 1)
            async with self.follow() as third:
                await third.first("progress")

    async def test_a_comment_comes_when_nothing_else_does(self):
        self.assertEqual(self.module.events.KEEP_ALIVE_S, 10.0)
        self.module.events.KEEP_ALIVE_S = 0.2
        self.queue_run({"1": node("Wait")})
        async with self.follow() as told:
            await told.until(lambda told: told.comments == 3)
            self.assertEqual(told.names(), ["status"])


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

    async def test_a_registry_of_another_kind_stops_no_run(self):
        await self.serve(executes="0.33")
        self.executor.nodes["Text"] = lambda context, inputs: {"text": ["a"]}
        with mock.patch.object(ProgressRegistry, "register_handler",
                               side_effect=[None, TypeError("another")]) as registered:
            with self.assertLogs(level=logging.WARNING):
                self.queue.put(1, RUN, graph={"1": node("Text")})
                self.executor.start()
                async with Follower(self.client, EVENTS) as told:
                    await told.end()
        self.assertEqual(registered.call_count, 2)
        self.assertEqual(told.all("history")[0]["entry"]["outputs"], {"1": {"text": ["a"]}})
        self.assertEqual(told.all("output"), [])


if __name__ == "__main__":
    unittest.main()
