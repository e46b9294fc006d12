# Runs the service in Docker; `make` lists the targets. Without Docker: `npm ci && npm run quickstart`.

COMPOSE ?= $(shell docker compose version >/dev/null 2>&1 && echo docker compose || echo docker-compose)
RANDOM_HEX = od -An -N24 -tx1 /dev/urandom | tr -d ' \n'
RANDOM_BASE64 = head -c 32 /dev/urandom | base64 | tr -d "\n"

.DEFAULT_GOAL := help
.PHONY: help install migrate up down logs test

help: ## Lists these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s  %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: .env ## Creates .env if missing, builds the image, starts database, cache and service, migrates
	$(COMPOSE) build
	$(COMPOSE) up -d
	@for attempt in $$(seq 60); do \
		$(COMPOSE) exec -T app node docker/healthcheck.cjs >/dev/null 2>&1 && exit 0; sleep 1; \
	done; echo 'The service does not answer; see: make logs' >&2; exit 1
	$(MAKE) --no-print-directory migrate
	@echo 'The service runs at http://localhost:'"$$($(COMPOSE) exec -T app printenv APP_PORT)"'; its settings are in .env'

migrate: ## Runs pending migrations in the service's container
	$(COMPOSE) exec -T app node node_modules/typeorm/cli.js migration:run -d dist/src/database/data-source.js

up: .env ## Starts database, cache and service
	$(COMPOSE) up -d

down: ## Stops them; the data stay in the volume
	$(COMPOSE) down

logs: ## Shows the logs of service, database and cache, until Ctrl-C
	$(COMPOSE) logs -f

test: node_modules ## Runs all tests, without Docker
	npm test

node_modules: package-lock.json
	npm ci
	@touch node_modules

# Creates .env with random passwords and keys; an existing .env is not changed.
.env: | .env.example
	@umask 077 && sed \
		-e "s/^DB_PASSWORD=.*/DB_PASSWORD=$$($(RANDOM_HEX))/" \
		-e "s/^REDIS_PASSWORD=.*/REDIS_PASSWORD=$$($(RANDOM_HEX))/" \
		-e "s/^API_SECRET_KEYS=.*/API_SECRET_KEYS=$$($(RANDOM_HEX))/" \
		-e "s/^WEBHOOK_TOKEN=.*/WEBHOOK_TOKEN=$$($(RANDOM_HEX))/" \
		-e "s|^APP_KEY=.*|APP_KEY=$$($(RANDOM_BASE64))|" \
		.env.example > .env
	@echo 'Created .env with random passwords and keys'
