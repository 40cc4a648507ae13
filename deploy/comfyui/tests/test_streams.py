"""Live events of the stand-in, over sockets of a process of its own."""

import unittest

import streams


class Streams(streams.Streams):
    count = 60


if __name__ == "__main__":
    unittest.main()
