"""The attacks on a real ComfyUI, and its live events: `PILOTLIGHT_COMFYUI` names its folder,
`PILOTLIGHT_COMFYUI_PYTHON` a Python that has what it needs (by default the one that runs the tests)."""

import os
import pathlib
import sys
import unittest

import attacks
import streams

FOLDER = os.environ.get("PILOTLIGHT_COMFYUI")
PYTHON = os.environ.get("PILOTLIGHT_COMFYUI_PYTHON", sys.executable)
there = unittest.skipUnless(FOLDER, "PILOTLIGHT_COMFYUI names no folder of a ComfyUI to try it on")


class Real:
    real = FOLDER and (pathlib.Path(FOLDER), PYTHON)


@there
class WithAKey(Real, attacks.WithAKey):
    pass


@there
class WithOrigins(Real, attacks.WithOrigins):
    pass


@there
class Unguarded(Real, attacks.Unguarded):
    pass


@there
class Streams(Real, streams.Streams):
    pass


if __name__ == "__main__":
    unittest.main()
