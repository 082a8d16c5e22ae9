# One image for web, worker and beat; PostgreSQL and Redis are other containers (docker-compose.yml).
FROM node:22-slim AS assets
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts

FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 GREENLANE_VAR=/var/lib/greenlane
RUN useradd --system --create-home greenlane && install -d -o greenlane /var/lib/greenlane
WORKDIR /app
COPY requirements/base.txt requirements/base.txt
RUN pip install --no-cache-dir --require-hashes --requirement requirements/base.txt
COPY --from=assets /app/node_modules node_modules
COPY . .
RUN python -m config.assets && SECRET_KEY=only-to-build python manage.py compile_translations
USER greenlane
VOLUME /var/lib/greenlane
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "config.wsgi", "--preload", "--workers", "2", "--threads", "4", "--graceful-timeout", "5", "--no-control-socket", "--bind", "0.0.0.0:8000"]
