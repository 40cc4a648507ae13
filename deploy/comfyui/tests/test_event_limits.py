"""How much live events say at most, and to clients that read slowly, or leave."""

import asyncio
import base64
import io
import json
import socket
import threading
import time
import unittest
from unittest import mock

from PIL import Image

from stand_in_execution import Expanded
from test_events import OTHER, RUN, Case, node

EVENTS = f"/api/pilotlight/events/{RUN}"


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
        self.executor.nodes["Expand"] = lambda context, inputs: Expanded(
            inner, {"5.0.3": "6"}, {"text": ["itself"]})
        self.queue_run({"5": node("Expand"), "6": node("Text", text="out")})
        self.executor.start()
        async with self.follow() as told:
            await told.until(lambda told: told.all("progress")
                             and told.all("progress")[-1]["nodes"]["5"]["value"] == 4)
            last = told.all("progress")[-1]
            self.assertEqual((last["node"], last["nodes"]),
                             ("5", {"5": {"state": "running", "value": 4, "max": 4}}))
            self.go.set()
            await told.until(lambda told: told.all("progress")[-1]["node"] == "6")
            last = told.all("progress")[-1]
            # It still waits for what is shown elsewhere.
            self.assertEqual(last["nodes"]["5"]["state"], "running")
            self.other_go.set()
            await told.end()
        last = told.all("progress")[-1]
        self.assertEqual({state["state"] for state in last["nodes"].values()}, {"finished"})
        self.assertEqual(set(last["nodes"]), {"5", "6"})
        # An output has the name that it has in the history.
        outputs = [(data["node"], data["output"]["text"]) for data in told.all("output")]
        self.assertEqual(outputs, [("5", ["itself"]), ("5.0.1", ["in"]), ("6", ["out"])])
        entry = told.all("history")[0]["entry"]
        self.assertEqual({name: {"text": text} for name, text in outputs}, entry["outputs"])

    async def test_a_value_that_is_no_number_and_a_node_without_a_name_are_bearable(self):
        class Odd:
            def __float__(self):
                return 3.0

        table = [(Odd(), 3), (float("nan"), 0), (float("inf"), 0), (10**400, 0), (None, 0),
                 ("x", 0), (2.5, 2.5), (True, 1), (2**60, float(2**60))]

        seen = []  # by the number of each, which is told as its maximum

        def odd(context, inputs):
            context.progress(1, 2, node_id=None)
            for number, (value, _) in enumerate(table, 1):
                context.progress(value, number)
                while len(seen) < number:
                    context.check()
                    time.sleep(0.01)
                    last = told.all("progress")[-1:]
                    if last and last[0]["nodes"].get("1", {}).get("max") == number:
                        seen.append(last[0]["nodes"]["1"]["value"])
            context.progress(1, float("nan"), node_id=7)

        self.executor.nodes["Odd"] = odd
        self.queue_run({"1": node("Odd"), "2": node("Text", text="a")})
        async with self.follow() as told:
            self.executor.start()
            await told.end(10)
        self.assertEqual(seen, [value for _, value in table])
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
            began = time.monotonic()
            self.executor.start()
            await told.until(lambda told: told.all("progress")
                             and told.all("progress")[-1]["nodes"]["3"]["value"] == 50)
            await asyncio.sleep(0.8)
            took, previews = time.monotonic() - began, told.all("preview")
            self.assertTrue(3 <= len(previews) <= took / 0.5 + 1, (len(previews), took))
            for preview in previews:
                self.assertEqual(preview["node"], "3")
                self.assertEqual(self.picture(preview).size, (384, 192))
            # The last one is not lost.
            self.assertAlmostEqual(self.picture(previews[-1]).getpixel((9, 9))[0], 245, delta=8)
            self.go.set()
            await told.end()

    async def test_any_kind_of_picture_becomes_one_and_none_grows(self):
        table = [((64, 48), "RGB"), ((300, 400), "RGBA"), ((384, 384), "L"), ((5000, 1), "RGB"),
                 ((1, 5000), "P"), ((64, 64), "1"), ((64, 64), "CMYK"), ((64, 64), "F"),
                 ((500, 500), "LA"), ((3000, 3000), "RGB")]
        self.module.events.PREVIEW_S = 0.0
        shown = []

        def run(context, inputs):
            for number, (size, mode) in enumerate(table):
                context.progress(number, len(table), self.image(size, mode))
                while len(shown[0].all("preview")) <= number:
                    time.sleep(0.01)
                    context.check()

        self.executor.nodes["Show"] = run
        self.queue_run({"3": node("Show")})
        async with self.follow() as told:
            shown.append(told)
            self.executor.start()
            await told.end(20)
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

    async def test_who_comes_later_is_not_sent_what_was_shown_before(self):
        self.show([self.image((64, 64))])
        async with self.follow() as first:
            await first.first("status")
            self.executor.start()
            await first.first("preview")
            async with self.follow() as second:
                await second.first("progress")
                await asyncio.sleep(0.3)
                self.assertEqual(second.all("preview"), [])
            self.executor.registry.update_progress("3", 1, 1, self.image((65, 65)))
            await first.until(lambda told: len(told.all("preview")) == 2)

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

    async def test_one_that_an_output_overtakes_while_it_is_made_is_not_sent(self):
        begun = threading.Event()

        def slow(image):
            begun.set()
            self.go.wait(5)
            time.sleep(0.2)
            return {}

        def show_again(context, inputs):
            context.progress(1, 1, self.image((64, 64)))
            self.wait_node(context, inputs)

        self.executor.nodes["Again"] = show_again
        self.show([self.image((64, 64))])
        self.queue.queue[0][2]["5"] = node("Again", gate="other")
        with mock.patch.object(self.module.events, "preview_of", slow):
            async with self.follow() as told:
                self.executor.start()
                await self.until(begun.is_set)
                self.go.set()
                await told.first("output")
                await told.until(lambda told: told.all("preview"))
                self.other_go.set()
                await told.end()
        # Only that of after the output.
        self.assertEqual([data["node"] for data in told.all("preview")], ["5"])


class Readers(Case):
    def show_large(self, count, nodes=4_000):
        """A node whose progress changes all the time, among so many that an event is large."""
        def run(context, inputs):
            for name in range(nodes):
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
        self.module.events.PROGRESS_S = 0.02
        self.show_large(40, 400)
        async with self.follow() as quick:
            self.executor.start()
            await quick.first("progress")
            sock = await self.slow()
            await quick.until(lambda told: told.all("progress")[-1]["nodes"]["1"]["value"] == 40, 20)
            await asyncio.sleep(0.3)
            self.assertGreater(len(quick.all("progress")), 30)
            self.go.set()
            await quick.end()
            loop, data = asyncio.get_running_loop(), b""
            while part := await asyncio.wait_for(loop.sock_recv(sock, 1 << 20), 10):
                data += part
        blocks = data.split(b"\r\n\r\n", 1)[1].decode().split("\n\n")
        names = [block.split("\n")[0] for block in blocks if block]
        # What had left for it when it did not read; then the end of the run, and nothing between.
        self.assertLessEqual(names.count("event: progress"), 4, names)
        self.assertEqual(names[-1], "event: history")
        last = [block for block in blocks if block.startswith("event: progress")][-1]
        self.assertEqual(json.loads(last.split("data: ")[1])["nodes"]["1"]["state"], "finished")

    async def test_who_reads_nothing_for_long_is_let_go(self):
        self.assertEqual(self.module.events.STALL_S, 30.0)
        # An event that is larger than what may wait to be sent, and some that are smaller.
        for nodes in [4_000, 400]:
            await self.asyncSetUp()
            self.module.events.STALL_S, self.module.events.PROGRESS_S = 0.5, 0.02
            self.show_large(200, nodes)
            self.executor.start()
            count = self.count_streams()
            for _ in range(3):
                await self.slow()
            await self.until(lambda: count() == 3)
            await self.until(lambda: count() == 0, 20)
            self.assertNotIn(RUN, self.queue.history)

    async def test_who_still_reads_of_an_end_keeps_nobody_from_what_comes_after_it(self):
        self.show_large(1)
        self.executor.start()
        async with self.follow() as told:
            await told.first("progress")
            await self.slow()
            count = self.count_streams()
            await self.until(lambda: count() == 2)
            self.go.set()
            await told.end()
        await asyncio.sleep(0.2)
        self.assertEqual(count(), 1)
        self.queue.history.clear()
        self.queue.currently_running[0] = (0, OTHER, {}, {}, [])
        self.queue.put(1, RUN)
        async with self.follow() as told:
            await told.first("status")
            self.assertEqual(told.all("status")[0]["state"], "pending")
            self.assertEqual(count(), 2)

    async def test_an_end_is_told_once_and_no_preview_after_it(self):
        events = self.module.events
        run, request = events.Run(RUN), mock.Mock(match_info={"prompt_id": RUN})
        client = events.Client(request, True)
        client.run = run
        run.clients.add(client)

        async def history(request):
            await asyncio.sleep(0.01)
            return mock.Mock(body=json.dumps({RUN: {"outputs": {}}}))

        # A client that comes looks as well.
        await asyncio.gather(*[run.judge("ended", time.monotonic(), history) for _ in range(3)])
        run.preview = b"preview"
        self.assertTrue(run.is_over)
        self.assertIs(client.next_event(), run.last)
        await run.judge("ended", time.monotonic(), history)
        self.assertIsNone(client.next_event())

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
            await asyncio.sleep(0.2)
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

if __name__ == "__main__":
    unittest.main()
