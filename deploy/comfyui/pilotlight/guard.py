"""The guard before all of ComfyUI: a shared key and a list of origins, as the environment sets them.

Invariant: of a body that has not shown the key yet at most JSON_BYTES are read, nothing of it is
decompressed, and the handler finds the body as it came.
"""

import asyncio
import email.message
import hmac
import ipaddress
import json
import logging
import re
import warnings

from aiohttp import web

from .refusal import Refusal, elsewhere

warnings.filterwarnings("ignore", r"unread_data\(\) is deprecated", DeprecationWarning)

OPEN = {"/", "/system_stats"}  # what a probe of the pod asks, by GET; it can send no key

KEY_NAMES = ("access_key", "key")  # in JSON; sorted, as kubeai does, the first precedes extra_data
KEY_BYTES = 1024  # the longest key
JSON_BYTES = 64 * 1024  # the key must be complete within the first bytes of a body
FORM_BYTES = 4 * 1024  # the same for a form, whose first field must be the key
READ_S = 10.0  # how long those first bytes may take
READERS = 64  # how many requests may take that long at once

# A host name or an address in brackets, and a port that is not the default one.
ORIGIN = re.compile(r"(https?)://(?:(?:{0}\.)*{0}\.?|\[([0-9a-f:.]+)\])(?::([1-9][0-9]{{0,4}}))?"
                    .format(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?"))


def key_of(environ):
    """The key as bytes; None where there is to be none."""
    key, path = environ.get("PILOTLIGHT_KEY"), environ.get("PILOTLIGHT_KEY_FILE")
    if path is not None:
        if key is not None:
            raise ValueError("PILOTLIGHT_KEY and PILOTLIGHT_KEY_FILE are both set.")
        try:
            with open(path, encoding="utf-8") as file:
                key = file.read()
        except (OSError, UnicodeError) as error:
            raise ValueError(f"PILOTLIGHT_KEY_FILE: {type(error).__name__}.") from None
    if key is None:
        return None
    key = key.strip().encode("utf-8", "surrogateescape")
    if not 1 <= len(key) <= KEY_BYTES:
        raise ValueError("PILOTLIGHT_KEY, or what PILOTLIGHT_KEY_FILE names, is "
                         + (f"longer than {KEY_BYTES} bytes." if key else "empty."))
    return key


def is_origin(text):
    """Whether it is an origin as a browser writes it."""
    match = ORIGIN.fullmatch(text)
    if match is None:
        return False
    scheme, address, port = match.groups()
    try:
        ipaddress.IPv6Address(address or "::")
    except ValueError:
        return False
    return port is None or int(port) < 65536 and int(port) != {"http": 80, "https": 443}[scheme]


def origins_of(environ):
    """The origins whose pages may ask; None where any may."""
    text = environ.get("PILOTLIGHT_ORIGINS")
    origins = None if text is None else [part.strip() for part in text.split(",")]
    for origin in origins or []:
        if not is_origin(origin):
            raise ValueError(f"PILOTLIGHT_ORIGINS: {origin!r} is no origin such as"
                             " https://the.page.example.")
    return origins


# Numbers are not converted: nobody wants them, and a long one takes long.
DECODER = json.JSONDecoder(parse_int=len, parse_float=len)
BLANKS = re.compile(r"[ \t\r\n]*")


def key_in_json(start):
    """The value of the first member named as a key of the object that `start` begins, whatever
    follows it; None where there is none, or not yet."""
    text = start.decode("utf-8", "replace")

    def after(at, mark):
        at = BLANKS.match(text, at).end()
        if text[at] != mark:
            raise ValueError
        return BLANKS.match(text, at + 1).end()

    try:
        at = after(0, "{")
        while True:
            name, at = DECODER.raw_decode(text, at)
            value, at = DECODER.raw_decode(text, after(at, ":"))
            if name in KEY_NAMES:
                return value
            at = after(at, ",")
    except (ValueError, IndexError, RecursionError):  # it is cut off, or it is no JSON
        return None


KEY_FIELD = re.compile(rb'(?i)content-disposition:\s*form-data\s*;\s*name="?key"?\s*')


def key_in_form(start, boundary):
    """The value of the first field if that is the key; "" if it is another; None if not yet."""
    opening, closing = b"--" + boundary + b"\r\n", b"\r\n--" + boundary
    head, blank_line, rest = start.partition(b"\r\n\r\n")
    if not blank_line or not head.startswith(opening):
        return None
    if not any(KEY_FIELD.fullmatch(line) for line in head[len(opening):].split(b"\r\n")):
        return ""
    value, end, _ = rest.partition(closing)
    return value.decode("utf-8", "replace") if end else None


def boundary_of(request):
    """Of a form; None where the body is none."""
    kind = email.message.Message()
    kind["Content-Type"] = request.headers.get("Content-Type", "")
    if kind.get_content_type() != "multipart/form-data":
        return None
    return kind.get_boundary("").encode("utf-8", "surrogateescape")


class KeyCheck:
    """Looks for the key in the first bytes of a body."""

    def __init__(self, key):
        self.key, self.reading = key, []

    async def refusal(self, request):
        """Returns why the request may not pass, or None; then its body can be read as it came."""
        encoding = ",".join(request.headers.getall("Content-Encoding", [])).strip().lower()
        if encoding not in ("", "identity"):
            return Refusal(415, "encoding", "This server takes no compressed bodies.")
        start = bytearray()
        try:
            given = await self.given(request, start)
        except Exception:  # whatever aiohttp raises of what is no HTTP, or of a client that left
            return Refusal(400, "body", "The body of the request cannot be read.")
        if isinstance(given, Refusal):
            return given
        given = given.strip() if isinstance(given, str) else ""
        if not given:
            return Refusal(401, "key", "This server wants a key, as \"key\" within the first 64 kB of"
                           " the JSON body, or as the first field of a form.", given=False)
        if not hmac.compare_digest(given.encode("utf-8", "surrogatepass"), self.key):
            return Refusal(401, "key", "This is not the key of this server.", given=True)
        request.content.unread_data(bytes(start))
        return None

    async def given(self, request, start):
        """Returns what the body names as the key, or a refusal; what was read is in `start`."""
        content, boundary = request.content, boundary_of(request)
        limit = JSON_BYTES if boundary is None else FORM_BYTES
        find = key_in_json if boundary is None else lambda start: key_in_form(start, boundary)
        start += content.read_nowait(limit)
        given = find(bytes(start))
        if given is not None or len(start) == limit or content.at_eof():
            return given
        task = asyncio.create_task(self.read(content, start, limit, find))
        self.reading.append(task)
        if len(self.reading) > READERS:
            self.reading.pop(0).cancel()  # the one that has taken longest makes room
        try:
            done, _ = await asyncio.wait([task], timeout=READ_S)
        finally:
            self.reading = [other for other in self.reading if other is not task]
            task.cancel()
        if not done:
            return Refusal(408, "slow", f"The key did not arrive within {READ_S:g} s.")
        if task.cancelled():
            return Refusal(503, "busy", "Too many requests without a key.", {"Retry-After": "1"})
        return task.result()

    @staticmethod
    async def read(content, start, limit, find):
        looked = len(start)
        while True:
            data = await content.read(limit - len(start))
            start += data
            is_last = not data or len(start) == limit
            # Twice as much each time, so that a body in small pieces costs no more than one.
            if is_last or len(start) >= 2 * looked:
                looked, given = len(start), find(bytes(start))
                if given is not None or is_last:
                    return given


def make_guard(key, origins, trouble):
    check = None if key is None else KeyCheck(key)

    @web.middleware
    async def guard(request, handler):
        is_open = request.method in ("GET", "HEAD") and request.path in OPEN
        if trouble and not is_open:
            return Refusal(403, "setup", trouble)
        origin = request.headers.get("Origin")
        if origins is not None and origin is not None:
            if origin not in origins:
                return Refusal(403, "origin", f"Pages of {origin[:200]} may not ask this server:"
                               " PILOTLIGHT_ORIGINS does not name them.")
            if request.method == "OPTIONS":
                return web.Response(status=204)
            # ComfyUI refuses pages of other sites; this one is known.
            inside = request.headers.copy()
            for name in ("Origin", "Sec-Fetch-Site"):
                inside.popall(name, None)
            request = request.clone(headers=inside)
        refusal = None
        if not is_open:
            refusal = elsewhere(request) if origins is not None else None
            if refusal is None and check is not None:
                refusal = await check.refusal(request)
        return await handler(request) if refusal is None else refusal

    async def dress(request, response):
        """Says who may read an answer, whatever its status and whoever made it."""
        headers, origin = response.headers, request.headers.get("Origin")
        if origins is not None:
            for name in {name for name in headers if name.lower().startswith("access-control-")}:
                headers.popall(name, None)
            headers.add("Vary", "Origin")
        if origin in (origins or []):
            headers["Access-Control-Allow-Origin"] = origin
            if request.method == "OPTIONS":
                headers["Access-Control-Allow-Methods"] = "GET, POST"
                headers["Access-Control-Allow-Headers"] = "Content-Type, X-Pilotlight"
        elif isinstance(response, Refusal):
            headers["Access-Control-Allow-Origin"] = "*"  # it says why, and nothing else

    return guard, dress


def protect(app, environ):
    """Refuses everything when the environment is wrong: ComfyUI goes on, and would be open."""
    key = origins = trouble = None
    try:
        key, origins = key_of(environ), origins_of(environ)
    except ValueError as wrong:
        trouble = str(wrong)
        logging.error("[Pilotlight] every request is refused until this is right: %s", trouble)
    if key is not None or origins is not None or trouble is not None:
        guard, dress = make_guard(key, origins, trouble)
        app.middlewares.insert(0, guard)  # outside of ComfyUI's own
        app.on_response_prepare.append(dress)  # what aiohttp answers by itself comes by here too
    if key is not None or trouble is not None:
        # Else aiohttp decompresses what comes with the headers before the guard sees them; before
        # 3.13.3 all of it at once. No compressed body is let in.
        app._handler_args = {**(app._handler_args or {}), "auto_decompress": False}
