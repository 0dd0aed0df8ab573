# The packages are installed in a stage of their own: what builds them stays behind.
ARG PYTHON=3.11

FROM python:${PYTHON}-slim-bookworm AS packages
ARG REQUIREMENTS=requirements.txt
COPY requirements.txt requirements-redis.txt /build/
RUN python -m venv /opt/ladder \
    && /opt/ladder/bin/pip install --no-cache-dir --require-hashes --only-binary :all: --no-binary crontab \
        -r /build/${REQUIREMENTS}

FROM python:${PYTHON}-slim-bookworm
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 10001 ladder \
    && useradd --uid 10001 --gid ladder --no-create-home --home-dir /tmp --shell /usr/sbin/nologin ladder \
    && install --directory --owner ladder --group ladder --mode 700 /data
COPY --from=packages /opt/ladder /opt/ladder
WORKDIR /app
COPY manage.py pyproject.toml ./
COPY ladder ladder
COPY competencies competencies
COPY templates templates
COPY seeds seeds
COPY docs/using.md docs/using.md
RUN /opt/ladder/bin/python -m compileall -q ladder competencies
ENV PATH=/opt/ladder/bin:$PATH \
    LADDER_DATA=/data \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=10s --start-period=180s --retries=4 \
    CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8000/healthz', timeout=8)"]
ENTRYPOINT ["python", "-m", "ladder"]
CMD ["start", "--host", "0.0.0.0"]
