"""Pilotlight's extension for ComfyUI: routes below /pilotlight, and a guard before all of ComfyUI.

kubeai finds a model by the request's body, and a browser sends none with a GET. So every core GET
route that the page needs is answered to a POST as well (`routes`). A long-poll ends when there is
news of a run (`wait`), and live events tell what a run does (`events`). The guard checks a shared key
and a list of origins, where the environment of the process sets them (`guard`). ComfyUI loads this
file.
"""

import os

from server import PromptServer

from .guard import protect
from .routes import register

NODE_CLASS_MAPPINGS = {}

protect(PromptServer.instance.app, os.environ)
register(PromptServer.instance)
