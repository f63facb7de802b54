# Two commands for a newcomer:  make demo   make test
# Both do all the set-up on a machine that has only python3, make, git and ca-certificates.
VENV := .venv
BIN  := $(VENV)/bin
# One lock serves every platform and names no index, so it can be used behind any mirror.
LOCK := $(BIN)/uv pip compile -q --system-certs --universal --python-version 3.11 --generate-hashes --no-annotate --no-header

.DELETE_ON_ERROR:
.PHONY: demo test lint format fuzz lock clean

demo: $(VENV)/runtime
	$(BIN)/openline demo

test: $(VENV)/dev $(VENV)/system
	$(BIN)/python -m tools.check

lint: $(VENV)/dev
	$(BIN)/python -m tools.check ruff format mypy contracts

format: $(VENV)/dev
	$(BIN)/ruff check -q --fix-only . && $(BIN)/ruff format -q .

# By hand: every boundary under atheris, led by what the inputs reach; what is new is kept in fuzz/corpus.
MINUTES := 60
fuzz: $(VENV)/dev
	$(BIN)/python -m tools.fuzz --guided --keep --minutes $(MINUTES)

$(VENV)/runtime: requirements.lock pyproject.toml tools/setup
	tools/setup $(VENV) requirements.lock
	@touch $@

# The development lock holds the runtime lock whole, so this stands for both.
$(VENV)/dev: requirements-dev.lock requirements.lock pyproject.toml tools/setup
	tools/setup $(VENV) requirements-dev.lock
	@touch $(VENV)/runtime $@

$(VENV)/system: tools/packages.txt tools/system | $(VENV)/dev
	tools/system tools/packages.txt
	@touch $@

lock: | $(VENV)/dev
	$(LOCK) pyproject.toml --group build -o requirements.lock
	$(LOCK) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf $(VENV) .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
