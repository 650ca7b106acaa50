# Web and worker from one image; which of them it is says the command.
FROM python:3.11-slim-bookworm AS packages
WORKDIR /build
COPY requirements/prod.txt requirements/
RUN python -m venv /opt/insula \
    && /opt/insula/bin/pip install --no-cache-dir --require-hashes --only-binary :all: \
        -r requirements/prod.txt

FROM python:3.11-slim-bookworm
# The server's line: backups are made by client programs that are not older.
ARG POSTGRES=17
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates postgresql-common \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install --yes --no-install-recommends postgresql-client-$POSTGRES \
    && rm -rf /var/lib/apt/lists/*
ENV PATH=/opt/insula/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PROMETHEUS_MULTIPROC_DIR=/run/insula \
    MEDIA_ROOT=/var/lib/insula/media
RUN useradd --system --uid 10001 --no-create-home insula \
    && install --directory --owner insula --mode 0700 /run/insula /var/lib/insula \
        /var/lib/insula/media /var/lib/insula/backups
COPY --from=packages /opt/insula /opt/insula
WORKDIR /srv/insula
COPY manage.py pyproject.toml ./
COPY config config
COPY accounts accounts
COPY organizations organizations
COPY billing billing
COPY tasks tasks
COPY templates templates
COPY static static
COPY locale locale
COPY deploy/alive.py deploy/
# Collecting files needs the settings to load, and nothing of what they say.
RUN SECRET_KEY=$(head -c 40 /dev/urandom | base64 -w 0) \
    TENANCY_SEAL_KEY=$(head -c 40 /dev/urandom | base64 -w 0) \
    DATABASE_URL=postgres://insula_app:-@nowhere/insula ALLOWED_HOSTS=nowhere \
    python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q config accounts organizations billing tasks
USER insula
EXPOSE 8000
VOLUME /var/lib/insula/media
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["python", "deploy/alive.py"]
STOPSIGNAL SIGTERM
CMD ["gunicorn", "--config", "python:config.serving"]
