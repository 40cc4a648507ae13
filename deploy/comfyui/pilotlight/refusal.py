"""The errors that the extension answers: JSON with a type that begins with `pilotlight_`."""

import json

from aiohttp import web


class Refusal(web.Response):
    def __init__(self, status, kind, message, headers=None, **more):
        error = {"type": "pilotlight_" + kind, "message": message, **more}
        super().__init__(status=status, text=json.dumps({"error": error}), headers=headers,
                         content_type="application/json")


def elsewhere(request):
    """Refuses what a browser fetches for a page of another origin without naming that origin: an
    image, a script, a link. None for all else."""
    site = request.headers.get("Sec-Fetch-Site")
    if "Origin" in request.headers or site not in ("cross-site", "same-site"):
        return None
    return Refusal(403, "origin", "Pages of other sites may not ask this server in this way.")
