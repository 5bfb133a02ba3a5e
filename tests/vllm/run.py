"""Test on real vLLM and this machine's CPU, with tiny models: in its process, through Modal, by its server.

Run by `make test-vllm`, which installs vLLM into an environment of its own::

    python tests/vllm/run.py .venv-vllm/bin/python
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).parent
STARTS_S = 600
IN_PROCESS = (
    "tests/contract/test_vllm.py",
    "tests/contract/test_modal.py",
    "tests/vllm/test_engine.py",
    "tests/vllm/test_scheduler.py",
)
SETTINGS = {"VLLM_CPU_KVCACHE_SPACE": "1", "HF_HUB_OFFLINE": "1", "VLLM_NO_USAGE_STATS": "1"}


def main() -> int:
    python, key = sys.argv[1], secrets.token_hex(8)
    with TemporaryDirectory() as folder:
        model, log = Path(folder, "tiny"), Path(folder, "vllm.log")
        environment = {**os.environ, **SETTINGS}
        in_process = [python, "-m", "pytest", "-p", "no:cacheprovider", *IN_PROCESS]
        alone = {**environment, "VLLM_ENABLE_V1_MULTIPROCESSING": "0", "PYTHONPATH": "src"}
        if failed := subprocess.run(in_process, env=alone, check=False).returncode:
            return failed
        subprocess.run([python, str(HERE / "tiny_model.py"), str(model)], env=environment, check=True)
        with serving(python, model, key, log, environment) as url:
            tests = [sys.executable, "-m", "pytest", "--no-cov", str(HERE)]
            return subprocess.run(
                tests, env={**os.environ, "TEST_VLLM_URL": url, "TEST_VLLM_KEY": key}, check=False
            ).returncode


@contextmanager
def serving(python: str, model: Path, key: str, log: Path, environment: dict[str, str]) -> Iterator[str]:
    """Serve a model on a free loopback port with `qwen-structured serve`, and give the URL.

    The plan is for a GPU; vLLM's CPU build takes its flags too.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [python, "-c", "from qwen_structured.cli import main; main()", "serve", str(model)]
    command += f"--gpu H100:1 --context 2048 --port {port} -- --served-model-name tiny".split()
    environment = {**environment, "PYTHONPATH": "src", "VLLM_API_KEY": key}
    with log.open("wb") as output:
        server = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            wait_for(f"http://127.0.0.1:{port}", server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(60)


def wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until it is healthy; show the end of its log if it never is."""
    for _ in range(STARTS_S):
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(1)
    sys.exit(f"vLLM did not start:\n{log.read_text(errors='replace')[-4_000:]}")


if __name__ == "__main__":
    sys.exit(main())
