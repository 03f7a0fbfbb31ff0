# What a maintainer types. `make demo` needs Debian 12 or newer with Python >= 3.11, make and git, and nothing else.

PYTHON ?= python3
BIN := .venv/bin
# pytest's arguments: make test ARGS="-m fax"
ARGS ?=
# All tests: most of the long ones wait for a worker, a browser or a telephone line, so three processes share two cores.
TOGETHER := -n 3 --dist loadfile --no-loadscope-reorder
TRANSLATIONS := $(wildcard locale/*/LC_MESSAGES/django.po)

# Lint and development commands load the settings without a site behind them.
export DEBUG ?= on
# The tests choose their settings themselves.
unexport DJANGO_SETTINGS_MODULE

.PHONY: demo venv requirements hooks messages lint test unit faults security screenshots documents bench clean

demo:
	.ci/packages demo
	$(MAKE) --no-print-directory .venv/base
	$(BIN)/python -m config.demo

venv: .venv/dev $(TRANSLATIONS:.po=.mo)

# uv is five times faster than pip; where its wheel can't be had, pip does the same.
.venv/base: requirements/base.txt
	$(PYTHON) -m venv .venv >/dev/null
	$(BIN)/pip install --quiet uv || true
	VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --require-hashes -r $< || \
		$(BIN)/pip install --quiet --require-hashes -r $<
	touch $@

.venv/dev: requirements/dev.txt .venv/base
	VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --require-hashes -r $< || \
		$(BIN)/pip install --quiet --require-hashes -r $<
	touch $@

requirements: venv
	for name in base dev; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --upgrade -o requirements/$$name.txt requirements/$$name.in; done

# Brings the translators' files up to date with all that can be read on pages, in mails and at the desk.
messages: .venv/base
	$(BIN)/python manage.py makemessages --all --add-location file --no-wrap --no-obsolete --ignore .venv --ignore var --ignore tests

# Without gettext, pages are in English.
%.mo: %.po
	if command -v msgfmt >/dev/null; then msgfmt --check-format --output-file=$@ $<; fi

hooks: venv
	$(BIN)/pre-commit install

lint: venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/lint-imports --no-cache
	$(BIN)/python manage.py makemigrations --check --dry-run

test:
	.ci/packages test
	$(MAKE) --no-print-directory venv
	$(BIN)/pytest $(if $(ARGS),$(ARGS),$(TOGETHER))

# What one runs after each change, on all cores: all tests that need no second process, browser, fax or patience.
unit: venv
	$(BIN)/pytest -n auto -m "not browser and not fax and not processes and not faults and not slow" $(ARGS)

# Every threat of docs/security.md.
security:
	.ci/packages test
	$(MAKE) --no-print-directory venv
	$(BIN)/pytest $$($(BIN)/python -m tests.security.named) $(ARGS)

# The long proof that nothing is lost and nothing arrives twice: SEEDS of them, or one again with SEED=7.
SEEDS ?= 20
SEED ?=
faults:
	.ci/packages test
	$(MAKE) --no-print-directory venv
	FAULT_SEEDS=$(SEEDS) FAULT_SEED=$(SEED) $(BIN)/pytest -v tests/faults $(ARGS)

# A picture of every page type, small and large, light and dark, in three languages, into screenshots/.
screenshots: venv
	$(BIN)/pytest tests/browser/gallery.py $(ARGS)

# A picture of every document in three languages and on both papers, into var/documents/pictures.
documents: export DATABASE_URL = sqlite:///var/documents/db.sqlite3
documents: export VAR_DIR = var/documents
documents: venv
	mkdir -p var/documents
	$(BIN)/python manage.py migrate --verbosity 0
	$(BIN)/python manage.py load_campaign campaigns/files/seeds/*.yaml
	$(BIN)/python manage.py picture_documents var/documents/pictures

# Figures, one a line: name, ours, limit or peer, ratio.
bench: venv
	for program in delivery dossier; do $(BIN)/python -m benchmarks.$$program || exit 1; done

# Leaves var/, where the demo keeps its data.
clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
