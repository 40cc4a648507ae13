"""What an operator copies, mounts or builds: it names what is there, and it fits."""

import pathlib
import re
import shutil
import tempfile
import unittest

from aiohttp import web

from case import load
from stand_in import PromptServer

HERE = pathlib.Path(__file__).parents[1]
CONFIG_MAP_BYTES = 1024**2  # all of one, names included


class Packaging(unittest.TestCase):
    def sources(self):
        """The names of the extension's files."""
        names = {path.name for path in (HERE / "pilotlight").iterdir()} - {"__pycache__"}
        self.assertIn("__init__.py", names)
        return sorted(names)

    def test_the_config_map_holds_every_file_and_fits(self):
        text = (HERE / "kustomization.yaml").read_text(encoding="utf-8")
        files = re.findall(r"^ +- ([\w.]+)=(\S+)$", text, re.MULTILINE)
        self.assertEqual(files, [(name, f"pilotlight/{name}") for name in self.sources()])
        size = sum(len(name) + (HERE / path).stat().st_size for name, path in files)
        self.assertLess(size, CONFIG_MAP_BYTES / 10)

    def test_a_config_map_can_hold_it(self):
        """Its keys are names of files: no folders, and nothing but letters, digits and `-_.`."""
        for name in self.sources():
            self.assertRegex(name, r"^[a-z_]+\.py$")
            self.assertTrue((HERE / "pilotlight" / name).is_file())

    def test_the_image_copies_every_file(self):
        text = (HERE / "Containerfile").read_text(encoding="utf-8")
        copied = re.findall(r"^COPY (\S+) (\S+)$", text, re.MULTILINE)
        self.assertEqual(copied, [("pilotlight/*.py", "${CUSTOM_NODES}/pilotlight/")])
        self.assertEqual(sorted(path.name for path in HERE.glob(copied[0][0])), self.sources())

    def test_it_loads_from_a_mounted_config_map(self):
        """A pod sees links in a folder that it cannot write to, as Kubernetes mounts them."""
        with tempfile.TemporaryDirectory() as folder:
            mount = pathlib.Path(folder) / "pilotlight"
            data = mount / "..2026_01_01_00_00_00.1"
            data.mkdir(parents=True)
            (mount / "..data").symlink_to(data.name)
            for name in self.sources():
                shutil.copy(HERE / "pilotlight" / name, data)
                (mount / name).symlink_to(f"..data/{name}")
            server = PromptServer()
            load(server, mount / "__init__.py")
            paths = {route.path for route in server.routes if isinstance(route, web.RouteDef)}
            self.assertIn("/pilotlight/wait/{prompt_id}", paths)

    def test_the_guide_names_what_the_files_name(self):
        guide = (HERE / "README.md").read_text(encoding="utf-8")
        for name in ["name: pilotlight-comfyui", "--kustomize deploy/comfyui",
                     "custom_nodes/pilotlight", "PILOTLIGHT_KEY", "PILOTLIGHT_KEY_FILE",
                     "PILOTLIGHT_ORIGINS", "Containerfile"]:
            with self.subTest(name=name):
                self.assertIn(name, guide)


if __name__ == "__main__":
    unittest.main()
