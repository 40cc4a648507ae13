"""The attacks on the stand-in, small enough for every run of the tests."""

import unittest

import attacks


class WithAKey(attacks.WithAKey):
    unfinished_bytes = 20 * attacks.MB


class WithOrigins(attacks.WithOrigins):
    pass


class Unguarded(attacks.Unguarded):
    pass


if __name__ == "__main__":
    unittest.main()
