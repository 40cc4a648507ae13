"""What an operator copies, mounts or builds: it names what is there, and it fits."""

import pathlib
import re
import unittest

HERE = pathlib.Path(__file__).parents[1]
CONFIG_MAP_BYTES = 1024**2  # all of one, names included


class Packaging(unittest.TestCase):
    def test_the_config_map_is_made_of_files_that_are_there_and_fit(self):
        text = (HERE / "kustomization.yaml").read_text(encoding="utf-8")
        files = re.findall(r"^ +- ([\w.]+)=(\S+)$", text, re.MULTILINE)
        self.assertEqual(files, [("__init__.py", "pilotlight/__init__.py")])
        size = sum(len(name) + (HERE / path).stat().st_size for name, path in files)
        self.assertLess(size, CONFIG_MAP_BYTES / 10)

    def test_it_is_the_whole_extension(self):
        found = [path.name for path in (HERE / "pilotlight").iterdir() if path.name != "__pycache__"]
        self.assertEqual(found, ["__init__.py"])

    def test_the_image_copies_files_that_are_there(self):
        text = (HERE / "Containerfile").read_text(encoding="utf-8")
        copied = re.findall(r"^COPY (\S+) \S+$", text, re.MULTILINE)
        self.assertEqual(copied, ["pilotlight/__init__.py"])
        for path in copied:
            self.assertTrue((HERE / path).is_file())

    def test_the_guide_names_what_the_files_name(self):
        guide = (HERE / "README.md").read_text(encoding="utf-8")
        for name in ["name: pilotlight-comfyui", "--kustomize deploy/comfyui",
                     "custom_nodes/pilotlight", "PILOTLIGHT_KEY", "PILOTLIGHT_KEY_FILE",
                     "PILOTLIGHT_ORIGINS", "Containerfile"]:
            with self.subTest(name=name):
                self.assertIn(name, guide)


if __name__ == "__main__":
    unittest.main()
