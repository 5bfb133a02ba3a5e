"""Where Modal's client is not installed, there is nothing to test here."""

from importlib.util import find_spec

if find_spec("modal") is None:
    collect_ignore_glob = ["test_*.py"]
