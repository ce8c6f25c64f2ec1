# syntax=docker/dockerfile:1
FROM python:3.11-slim AS packages
# `operations` adds what an operator may want: failures told to a Sentry server, media in object storage.
ARG REQUIREMENTS=production
COPY requirements/${REQUIREMENTS}.txt /tmp/requirements.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/requirements.txt

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DEMO=0 PROMETHEUS_MULTIPROC_DIR=/tmp/metrics
RUN useradd --system --uid 10001 --create-home semaine
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY manage.py ./
COPY accounts accounts
COPY core core
COPY demo demo
COPY editorial editorial
COPY events events
COPY figures figures
COPY labels labels
COPY maps maps
COPY pages pages
COPY places places
COPY semaine semaine
COPY static static
COPY templates templates
# The key and the database are named for this one command; nothing of them stays in the image.
RUN SECRET_KEY=for-this-build-only DATABASE_URL=postgres://nobody@localhost/none \
    python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q /app \
    && install -d -o semaine /app/var /app/var/beat /app/var/media
USER semaine
EXPOSE 8000
CMD ["python", "-m", "semaine.server", "--host", "0.0.0.0", "--port", "8000", "--workers", "2"]
