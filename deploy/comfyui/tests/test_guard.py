"""The guard before all of ComfyUI: a shared key, a list of origins, and what is wrong with either."""

import asyncio
import json
import logging
import pathlib
import tempfile
import time
import unittest

from aiohttp import FormData, WSServerHandshakeError

from case import ServedCase, load
from stand_in import PromptServer

RUN = "084c03b5-9383-4e19-92d7-81b7f55743a9"
KEY = "an open sesame"
PAGE, OTHER = "https://the.page.example", "https://another.example"


class Case(ServedCase):
    async def post(self, path, body=None, origin=None, method="POST", **headers):
        if origin is not None:
            headers |= {"Origin": origin, "Sec-Fetch-Site": "cross-site"}
        data = None if body is None else json.dumps(body)
        headers["Content-Type"] = "text/plain"
        return await self.ask(path, method, data=data, headers=headers)

    def error(self, reply):
        return json.loads(reply[2])["error"]


class Off(Case):
    async def test_without_a_word_in_the_environment_nothing_stands_before_comfyui(self):
        server = PromptServer()
        before = list(server.app.middlewares)
        load(server)
        self.assertEqual(list(server.app.middlewares), before)
        self.assertEqual(list(server.app.on_response_prepare), [])


class Key(Case):
    async def asyncSetUp(self):
        await self.serve({"PILOTLIGHT_KEY": KEY})

    def paths(self):
        """Every route that there is, with the methods it takes."""
        seen = set()
        for route in self.server.app.router.routes():
            path = route.resource.canonical
            path = path.replace("{prompt_id}", RUN).replace("{node_class}", "A")
            seen.add((route.method, path))
        return sorted(seen)

    async def test_every_route_but_those_of_a_probe_wants_the_key(self):
        open_ones = {("GET", "/"), ("HEAD", "/"), ("GET", "/system_stats"), ("HEAD", "/system_stats")}
        paths = self.paths()
        self.assertGreater(len(paths), 60)
        answered = set()
        for method, path in paths:
            for body in [None, {}, {"key": None}, {"key": ""}, {"key": [KEY]}, {"model": KEY}]:
                with self.subTest(method=method, path=path, body=body):
                    status, _, text = await self.post(path, body, method=method)
                    if (method, path) in open_ones:
                        self.assertEqual(status, 200)
                        answered.add((method, path))
                    else:
                        self.assertEqual(status, 401)
                        if method != "HEAD":
                            error = json.loads(text)["error"]
                            self.assertEqual(error["type"], "pilotlight_key")
                            self.assertIs(error["given"], False)
        self.assertEqual(answered, open_ones)
        self.assertEqual(self.server.changes, 0)

    async def test_what_is_no_route_wants_it_too(self):
        for method, path in [("GET", "/nothing"), ("POST", "/"), ("POST", "/system_stats"),
                             ("GET", "/api/system_stats"), ("PUT", "/api/queue"),
                             ("GET", "/system_stats/"), ("OPTIONS", "/api/prompt"),
                             ("GET", "/static/stand_in.py")]:
            with self.subTest(method=method, path=path):
                self.assertEqual((await self.post(path, {}, method=method))[0], 401)

    async def test_with_the_key_everything_is_as_without_the_guard(self):
        for method, path in [("GET", "/api/queue"), ("POST", "/api/queue"), ("POST", "/api/free"),
                             ("POST", "/api/interrupt"), ("GET", "/api/userdata"),
                             ("POST", "/api/pilotlight/system_stats"), ("GET", "/view?filename=a.png"),
                             ("POST", "/api/pilotlight/object_info/A"), ("POST", "/api/history")]:
            with self.subTest(method=method, path=path):
                status, headers, _ = await self.post(path, {"model": "m", "key": KEY}, method=method)
                self.assertEqual(status, 200)
                self.assertEqual(headers["Access-Control-Allow-Origin"], "*")
        self.queue.history[RUN] = {"outputs": {}}
        wait = await self.post(f"/api/pilotlight/wait/{RUN}", {"key": KEY})
        self.assertEqual((wait[0], list(json.loads(wait[2]))), (200, [RUN]))

    async def test_another_key_is_told_from_none(self):
        for wrong in [KEY + "x", KEY[:-1], KEY.upper(), "schlüssel", "\ud800", "x" * 60_000]:
            with self.subTest(wrong=wrong[:20]):
                reply = await self.post("/api/pilotlight/queue", {"key": wrong})
                self.assertEqual(reply[0], 401)
                self.assertIs(self.error(reply)["given"], True)
                self.assertNotIn(KEY.encode(), reply[2])

    async def test_where_in_json_the_key_may_stand(self):
        key, long = json.dumps(KEY), "x" * 70_000
        table = [
            (200, '{"key":%s}'), (200, '\r\n\t {\n "model" : "m" , "key"\t:\r\n%s }'),
            (200, '{"access_key":%s,"extra_data":{"x":"' + long + '"}}'),
            (200, '{"client_id":"c","extra_data":{"key":"x","y":["key",{"key":1}]},"key":%s}'),
            (200, '{"a":"\\"key\\":\\\\","b":"}","c":[1.5e3,-0,true,null,NaN],"k\\u0065y":%s}'),
            (200, '{"key":%s,"prompt":{"x":"' + long + '"}}'),
            # What follows the key is for the handler to judge, and of two the first counts.
            (200, '{"key":%s'), (200, '{"key":%s,"key":"x"}'), (200, '{"key":%s,"access_key":"x"}'),
            (401, '{"key":"x","key":%s}'), (401, '{"key":"x","access_key":%s}'),
            (401, '{"key":null,"x":{"key":%s}}'), (401, '{"x":{"key":%s}}'), (401, '[{"key":%s}]'),
            (401, '{"Key":%s}'), (401, '{"key":[%s]}'), (401, '{"x":"\\","key":%s}'),
            (401, '{"x":1 "key":%s}'), (401, '{key:%s}'), (401, '{"x":' + "[" * 5_000 + ',"key":%s}'),
            (401, '{"extra_data":"' + long + '","key":%s}'), (401, '{"x":1,,"key":%s}'),
            (200, '{"x":' + "1" * 9_000 + ',"key":%s}'),
            (401, '%s'), (401, '{'), (401, '"key"'), (401, ''),
        ]
        for status, text in table:
            with self.subTest(text=text[:60]):
                body = text.replace("%s", key).encode()
                reply = await self.ask("/api/echo", data=body, headers={})
                self.assertEqual(reply[0], status)
                if status == 200:
                    self.assertEqual(reply[2], body)
        for body in [b"\xff\xfe", KEY.encode(), b"\xff" * 70_000, b'{"\xff":1,"key":"x"}']:
            self.assertEqual((await self.ask("/api/echo", data=body, headers={}))[0], 401)

    async def test_the_key_may_be_written_with_escapes(self):
        await self.serve({"PILOTLIGHT_KEY": "<&\"猫\\>"})
        for key in [r'"<&\"猫\\>"', r'"\u003c\u0026\"\u732b\\\u003E"']:
            reply = await self.ask("/api/queue", data='{"key":%s}' % key, headers={})
            self.assertEqual(reply[0], 200)

    async def test_a_body_that_comes_in_pieces_is_put_together(self):
        body = json.dumps({"key": KEY, "x": "y" * 300_000, "猫": "\0"}).encode()

        async def pieces(size, upto):
            for at in range(0, upto, size):
                yield body[at:at + size]
                await asyncio.sleep(0)
            yield body[upto:]

        for size, upto in [(1, 200), (7, 2_800), (65_537, 65_537)]:
            with self.subTest(size=size):
                reply = await self.ask("/api/echo", data=pieces(size, upto), headers={})
                self.assertEqual((reply[0], reply[2] == body), (200, True))

    async def test_it_stands_in_no_header_and_in_no_address(self):
        reply = await self.post(f"/api/queue?key={KEY}", {}, Authorization=f"Bearer {KEY}", key=KEY)
        self.assertEqual(reply[0], 401)

    def form(self, parts):
        form = FormData()
        for name, value in parts:
            how = {"filename": "a.png", "content_type": "image/png"} if name == "image" else {}
            form.add_field(name, value, **how)
        return form

    async def test_a_large_upload_arrives_byte_for_byte(self):
        picture = bytes(range(256)) * (20 * 4096)
        self.assertEqual(len(picture), 20 * 1024**2)
        parts = [("key", KEY), ("type", "input"), ("image", picture)]
        reply = await self.ask("/api/upload/image", data=self.form(parts), headers={})
        self.assertEqual(reply[0], 200)
        self.assertEqual(self.server.stored.pop(), ("a.png", picture, "input"))
        reply = await self.ask("/api/pieces", data=self.form(parts), headers={})
        pieces = [["key", len(KEY)], ["type", 5], ["image", len(picture)]]
        self.assertEqual(json.loads(reply[2]), pieces)

    async def test_the_key_is_the_first_field_of_a_form(self):
        for key in [None, "", "another", KEY.upper(), KEY + "x" * 5_000]:
            with self.subTest(key=key):
                parts = ([] if key is None else [("key", key)]) + [("image", b"bytes")]
                reply = await self.ask("/api/upload/image", data=self.form(parts), headers={})
                self.assertEqual(reply[0], 401)
                self.assertIs(self.error(reply)["given"], key in ("another", KEY.upper()))
        for before in [[("type", "input")], [("image", b"x")], [("model", "m")]]:
            parts = [*before, ("key", KEY), ("image", b"x")]
            reply = await self.ask("/api/upload/image", data=self.form(parts), headers={})
            self.assertEqual(reply[0], 401)
            self.assertIn("first field of a form", self.error(reply)["message"])
        self.assertEqual(self.server.changes, 0)

    async def test_what_is_a_form_and_what_is_its_first_field(self):
        end = f"\r\n\r\n{KEY}\r\n--B--\r\n"
        field = 'Content-Disposition: form-data; name="key"'
        table = [
            (200, "boundary=B", f"--B\r\n{field}{end}"),
            (200, 'boundary="B"', f"--B\r\n{field}{end}"),
            (200, "charset=x; boundary=B", f"--B\r\nX: y\r\n{field.lower()}{end}"),
            (200, "boundary=B", f"--B\r\n{field.replace(chr(34), '')}{end}"),
            (401, "boundary=B", f'--B\r\n{field}; filename="a"{end}'),
            (401, "boundary=B", f'--B\r\n{field.replace("key", "keys")}{end}'),
            (401, "boundary=B", f"--B\r\nX: {field}{end}"),
            (401, "boundary=B", f"x\r\n--B\r\n{field}{end}"),
            (401, "boundary=B", f"--B\r\n{field}\r\n\r\n{KEY}"),
            (401, "boundary=B", f"--B\r\nX: {'y' * 4_096}\r\n{field}{end}"),
            (401, "boundary=B", '{"key":"%s"}' % KEY),
            (401, "boundary=B", ""), (401, "boundary=B", "--B"),
            (401, "boundary=C", f"--B\r\n{field}{end}"), (401, "", f"--B\r\n{field}{end}"),
        ]
        for status, more, body in table:
            with self.subTest(more=more, body=body[:60]):
                headers = {"Content-Type": f"multipart/form-data; {more}"}
                reply = await self.ask("/api/echo", data=body.encode(), headers=headers)
                self.assertEqual(reply[0], status)
                if status == 200:
                    self.assertEqual(reply[2], body.encode())

    async def test_a_compressed_body_is_refused_even_with_the_key(self):
        for encoding, status in [("gzip", 415), ("GZIP", 415), ("identity, br", 415), ("x", 415),
                                 ("identity", 200), (" Identity ", 200), ("", 200)]:
            with self.subTest(encoding=encoding):
                headers = {"Content-Encoding": encoding}
                reply = await self.post("/api/queue", {"key": KEY}, **headers)
                self.assertEqual(reply[0], status)
                if status == 415:
                    self.assertEqual(self.error(reply)["type"], "pilotlight_encoding")
                    self.assertEqual(reply[1]["Access-Control-Allow-Origin"], "*")

    def endless(self, start=b'{"x":'):
        async def body():
            yield start
            await asyncio.sleep(60)

        return asyncio.create_task(self.ask("/api/prompt", data=body(), headers={}))

    async def test_a_key_that_does_not_come_in_time_is_not_waited_for(self):
        self.assertEqual(self.module.guard.READ_S, 10.0)
        self.module.guard.READ_S = 0.2
        for start in [b"", b"{", b'{"x":' * 9]:
            reply = await self.endless(start)
            self.assertEqual((reply[0], self.error(reply)["type"]), (408, "pilotlight_slow"))

    async def test_only_some_may_send_slowly_at_once_and_the_slowest_makes_room(self):
        self.module.guard.READ_S, self.module.guard.READERS = 1.0, 3
        for _ in range(2):  # each of them gives its place back
            slow = []
            for _ in range(5):
                slow.append(self.endless())
                await asyncio.sleep(0.05)
            # Somebody with the key is let in, in one piece or in two.
            self.assertEqual((await self.post("/api/queue", {"key": KEY}))[0], 200)

            pieces = self.in_pieces((0, b'{"model":"m",'), (0.1, b'"key":"%s"}' % KEY.encode()))
            self.assertEqual((await self.ask("/api/queue", data=pieces, headers={}))[0], 200)
            replies = [await task for task in slow]
            self.assertEqual([reply[0] for reply in replies], [503, 503, 503, 408, 408])
            self.assertEqual(self.error(replies[0])["type"], "pilotlight_busy")
            self.assertEqual(replies[0][1]["Retry-After"], "1")

    @staticmethod
    async def in_pieces(*pieces):
        """Each piece with the seconds before it."""
        for seconds, piece in pieces:
            await asyncio.sleep(seconds)
            yield piece

    async def test_who_was_served_takes_no_place_of_who_waits(self):
        self.module.guard.READ_S, self.module.guard.READERS = 1.0, 3
        slow = self.endless()
        for _ in range(5):
            pieces = self.in_pieces((0, b"{"), (0.05, b'"key":"%s"}' % KEY.encode()))
            self.assertEqual((await self.ask("/api/queue", data=pieces, headers={}))[0], 200)
        self.assertEqual((await slow)[0], 408)

    async def test_the_rest_of_a_body_has_as_much_time_as_without_the_guard(self):
        self.module.guard.READ_S = 0.4
        key = b'"key":"%s"' % KEY.encode()
        for pieces in [[(0, b"{" + key), (0.6, b" "), (0.2, b"}")],
                       [(0, b"{"), (0.1, b'"x":1,' + key), (0.6, b"}")]]:
            reply = await self.ask("/api/echo", data=self.in_pieces(*pieces), headers={})
            self.assertEqual((reply[0], reply[2]), (200, b"".join(piece for _, piece in pieces)))

    async def test_it_is_neither_stored_nor_logged(self):
        body = {"prompt": {"1": {}}, "prompt_id": RUN, "client_id": "c", "model": "m", "key": KEY}
        with self.assertLogs(level=logging.DEBUG) as logged:
            logging.debug("there is always one line")
            self.assertEqual((await self.post("/api/prompt", body))[0], 200)
            await self.post("/api/prompt", {"key": KEY + "x"})
            await self.post("/api/broken", {"key": KEY}, method="GET")
            load(PromptServer(), PILOTLIGHT_KEY=KEY, PILOTLIGHT_ORIGINS="nonsense")
        self.assertEqual(self.server.stored, [(1, RUN, {"1": {}}, {"client_id": "c"}, ["1"])])
        self.assertGreater(len(logged.output), 2)
        self.assertNotIn(KEY, "\n".join(logged.output))

    async def test_nobody_listens_at_the_websocket(self):
        with self.assertRaises(WSServerHandshakeError) as refused:
            await self.client.ws_connect("/ws")
        self.assertEqual(refused.exception.status, 401)

    async def test_the_refusal_can_be_read_by_the_page_that_is_to_ask_for_the_key(self):
        _, headers, _ = await self.post("/api/pilotlight/system_stats", {}, origin=PAGE)
        self.assertEqual(headers.getall("Access-Control-Allow-Origin"), ["*"])

    async def test_a_body_above_the_limit_of_comfyui_is_too_large_as_without_the_guard(self):
        await self.serve({"PILOTLIGHT_KEY": KEY}, client_max_size=10_000)
        for data in [json.dumps({"key": KEY, "x": "x" * 20_000}),
                     self.form([("key", KEY), ("image", b"x" * 20_000)])]:
            path = "/api/prompt" if isinstance(data, str) else "/api/upload/image"
            self.assertEqual((await self.ask(path, data=data, headers={}))[0], 413)
        self.assertEqual(self.server.changes, 0)


class Origins(Case):
    async def asyncSetUp(self):
        await self.serve({"PILOTLIGHT_ORIGINS": f"{PAGE}, http://localhost:8000"})

    @staticmethod
    def cross_origin(headers):
        return {name: headers.getall(name) for name in headers if name.startswith("Access-Control")}

    async def test_a_listed_page_may_read_every_answer(self):
        for flag in ["*", "https://elsewhere.example", None]:
            await self.serve({"PILOTLIGHT_ORIGINS": f"{PAGE},http://localhost:8000",
                              "PILOTLIGHT_KEY": KEY}, flag=flag, client_max_size=10_000)
            for origin in [PAGE, "http://localhost:8000"]:
                for status, method, path, body in [
                        (200, "POST", "/api/pilotlight/queue", {"key": KEY}),
                        (401, "POST", "/api/pilotlight/queue", {"key": "another"}),
                        (401, "POST", "/api/prompt", {}),
                        (404, "POST", "/api/pilotlight/nothing", {"key": KEY}),
                        (404, "POST", "/api/pilotlight/view", {"key": KEY}),
                        (405, "POST", "/api/system_stats", {"key": KEY}),
                        (413, "POST", "/api/prompt", {"key": KEY, "x": "x" * 20_000}),
                        (500, "GET", "/api/broken", {"key": KEY})]:
                    with self.subTest(flag=flag, origin=origin, status=status, path=path):
                        logging.disable(logging.CRITICAL)
                        reply = await self.post(path, body, origin, method)
                        logging.disable(logging.NOTSET)
                        self.assertEqual(reply[0], status)
                        self.assertEqual(self.cross_origin(reply[1]),
                                         {"Access-Control-Allow-Origin": [origin]})
                        self.assertEqual(reply[1].getall("Vary"), ["Origin"])

    async def test_a_browser_that_asks_first_is_answered(self):
        reply = await self.post("/api/prompt", origin=PAGE, method="OPTIONS")
        self.assertEqual((reply[0], reply[2]), (204, b""))
        self.assertEqual(self.cross_origin(reply[1]), {
            "Access-Control-Allow-Origin": [PAGE], "Access-Control-Allow-Methods": ["GET, POST"],
            "Access-Control-Allow-Headers": ["Content-Type, X-Pilotlight"]})

    async def test_another_page_is_refused_in_a_sentence_that_it_may_read(self):
        others = [OTHER, "null", PAGE + ".evil.example", PAGE + ":444", PAGE.replace("https", "http"),
                  PAGE.upper(), PAGE + "/", "", "http://localhost:8001", "x" * 1000]
        for origin in others:
            for method, path in [("POST", "/api/prompt"), ("POST", "/api/queue"), ("GET", "/"),
                                 ("POST", "/api/pilotlight/queue"), ("OPTIONS", "/api/prompt")]:
                with self.subTest(origin=origin[:40], method=method, path=path):
                    reply = await self.post(path, {}, origin, method)
                    self.assertEqual(reply[0], 403)
                    error = self.error(reply)
                    self.assertEqual(error["type"], "pilotlight_origin")
                    self.assertIn(f"Pages of {origin[:200]} may not", error["message"])
                    self.assertEqual(self.cross_origin(reply[1]), {"Access-Control-Allow-Origin": ["*"]})
        self.assertEqual(self.server.changes, 0)

    async def test_who_is_no_page_may_ask_and_no_page_may_read_it(self):
        reply = await self.post("/api/queue", {})
        self.assertEqual((reply[0], reply[2]), (200, b'"the core\'s own POST"'))
        self.assertEqual(self.cross_origin(reply[1]), {})
        self.assertEqual(reply[1]["Vary"], "Origin")

    async def test_what_a_browser_fetches_for_another_site_without_naming_it_is_refused(self):
        refused = {"cross-site": 403, "same-site": 403, "same-origin": 200, "none": 200, None: 200}
        for site, status in refused.items():
            headers = {} if site is None else {"Sec-Fetch-Site": site}
            for path in ["/view?filename=a.png", "/api/queue", "/api/history", "/static/stand_in.py"]:
                with self.subTest(site=site, path=path):
                    reply = await self.post(path, method="GET", **headers)
                    self.assertEqual(reply[0], status)
                    if status == 403:
                        self.assertEqual(self.error(reply)["type"], "pilotlight_origin")
            # Who follows a link to the editor gets it, and a probe is what it was.
            for path in ["/", "/system_stats"]:
                self.assertEqual((await self.post(path, method="GET", **headers))[0], 200)
            with_origin = await self.post("/api/queue", {}, PAGE, **headers)
            self.assertEqual(with_origin[0], 200)

    async def test_uploads_and_the_websocket_pass(self):
        headers = {"Origin": PAGE, "Sec-Fetch-Site": "cross-site"}
        await self.serve({"PILOTLIGHT_ORIGINS": PAGE}, flag=None)
        form = FormData()
        form.add_field("image", b"bytes" * 100_000, filename="a.png")
        reply = await self.ask("/api/upload/image", data=form, headers=headers)
        self.assertEqual(reply[0], 200)
        self.assertEqual(self.server.stored, [("a.png", b"bytes" * 100_000, None)])
        socket = await self.client.ws_connect("/ws", headers=headers)
        self.assertEqual((await socket.receive()).data, "status")
        await socket.close()
        with self.assertRaises(WSServerHandshakeError) as refused:
            await self.client.ws_connect("/ws", headers={"Origin": OTHER})
        self.assertEqual(refused.exception.status, 403)

    async def test_a_wait_ends_when_its_client_leaves(self):
        self.queue.put(1, RUN)
        path = f"/api/pilotlight/wait/{RUN}?known=pending:0"
        waiting = asyncio.create_task(self.post(path, {}, PAGE))
        while self.queue.looks < 4:
            await asyncio.sleep(0.02)
        waiting.cancel()
        looks, until = -1, time.monotonic() + 10
        while looks != self.queue.looks:
            self.assertLess(time.monotonic(), until, "it looks for nobody")
            looks = self.queue.looks
            await asyncio.sleep(0.5)


class Wrong(Case):
    async def refused(self, environ, part):
        with self.assertLogs(level=logging.ERROR) as logged:
            await self.serve(environ)
        self.assertEqual(len(logged.output), 1)
        self.assertIn(part, logged.output[0])
        for method, path in [("POST", "/api/prompt"), ("GET", "/api/queue"), ("GET", "/view"),
                             ("POST", "/api/pilotlight/system_stats"), ("OPTIONS", "/api/prompt")]:
            reply = await self.post(path, {"key": KEY}, PAGE, method)
            self.assertEqual(reply[0], 403)
            self.assertEqual(self.error(reply)["type"], "pilotlight_setup")
            self.assertIn(part, self.error(reply)["message"])
            self.assertEqual(reply[1]["Access-Control-Allow-Origin"], "*")
            self.assertNotIn(KEY.encode(), reply[2])
        self.assertEqual((await self.post("/system_stats", method="GET"))[0], 200)
        self.assertEqual(self.server.changes, 0)

    async def test_nothing_is_open_while_something_is_wrong(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "key"
            file.write_bytes(b" \n")
            latin = pathlib.Path(folder) / "latin"
            latin.write_bytes(b"\xff\xfe\xfd")
            table = [
                ({"PILOTLIGHT_KEY": ""}, "is empty"),
                ({"PILOTLIGHT_KEY": "  "}, "is empty"),
                ({"PILOTLIGHT_KEY_FILE": str(file)}, "is empty"),
                ({"PILOTLIGHT_KEY_FILE": str(file) + "x"}, "FileNotFoundError"),
                ({"PILOTLIGHT_KEY_FILE": folder}, "IsADirectoryError"),
                ({"PILOTLIGHT_KEY_FILE": ""}, "FileNotFoundError"),
                ({"PILOTLIGHT_KEY_FILE": str(latin)}, "UnicodeDecodeError"),
                ({"PILOTLIGHT_KEY_FILE": str(file), "PILOTLIGHT_KEY": KEY}, "both set"),
            ]
            for text in ["", "*", "null", "the.page.example", PAGE + "/", PAGE + "/path", "https://",
                         f"{PAGE},", f"{PAGE} {OTHER}", PAGE.upper(), "ftp://the.page.example",
                         "https://user@the.page.example", "https://ü.example", "https://:8080",
                         "https://.", "https://..", "https://a..b", "https://.a", "https://-a.b",
                         "https://a-.b", "https://[", "https://[]", "https://[::1", "https://[1:2]",
                         "https://::1", "https://[:::]", "https://a:", "https://a:0", "https://a:08",
                         "https://a:65536", "https://a:x", "https://a:1:2", "https://a:443",
                         "http://a:80", "https://a]", "https://[a]", "https://[::1]x"]:
                table.append(({"PILOTLIGHT_ORIGINS": text, "PILOTLIGHT_KEY": KEY}, "is no origin"))
            for environ, part in table:
                with self.subTest(environ=environ):
                    await self.refused(environ, part)

    async def test_what_a_browser_writes_as_an_origin_is_one(self):
        for text in ["https://a", "http://localhost:8000", "http://127.0.0.1:1", "https://[::1]:65535",
                     "https://[2001:db8::1]", "http://a:443", "https://a:80", "https://x--1.my_page."]:
            await self.serve({"PILOTLIGHT_ORIGINS": text})
            self.assertEqual((await self.post("/api/queue", {}, text))[0], 200)

    async def test_a_key_has_a_longest_length(self):
        await self.refused({"PILOTLIGHT_KEY": "x" * 1025}, "longer than 1024 bytes")
        await self.serve({"PILOTLIGHT_KEY": "x" * 1024})
        self.assertEqual((await self.post("/api/queue", {"key": "x" * 1024}))[0], 200)

    async def test_a_key_may_come_from_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "key"
            file.write_text("ein Schlüssel\n", encoding="utf-8")
            await self.serve({"PILOTLIGHT_KEY_FILE": str(file)})
        for key, status in [("ein Schlüssel", 200), (" ein Schlüssel\n", 200), ("ein", 401)]:
            self.assertEqual((await self.post("/api/queue", {"key": key}))[0], status)

    async def test_a_server_that_lacks_a_route_is_guarded_all_the_same(self):
        with self.assertLogs(level=logging.WARNING):
            await self.serve({"PILOTLIGHT_KEY": KEY}, without=["/system_stats"])
        self.assertEqual((await self.post("/api/queue", {}))[0], 401)
        self.assertEqual((await self.post("/api/queue", {"key": KEY}))[0], 200)


if __name__ == "__main__":
    unittest.main()
