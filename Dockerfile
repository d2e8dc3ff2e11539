# Two stages: the image gets the finished environment and nothing that built it.
FROM python:3.12-slim AS build
WORKDIR /src
# Without pip inside, for size; the one of the build stage fills it.
RUN python -m venv --without-pip /opt/afterrun
COPY requirements/run.txt requirements/
RUN python -m pip --python /opt/afterrun install --require-hashes --only-binary :all: -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY rules rules
COPY integrations integrations
COPY service service
RUN python -m pip --python /opt/afterrun install --no-build-isolation --no-deps .

FROM python:3.12-slim
RUN useradd --system --uid 10001 --no-create-home afterrun && install -d -o afterrun -m 700 /data
COPY --from=build /opt/afterrun /opt/afterrun
ENV PATH=/opt/afterrun/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    AFTERRUN_DATA_DIR=/data \
    AFTERRUN_HOST=0.0.0.0 \
    AFTERRUN_PORT=8420
USER afterrun
WORKDIR /data
VOLUME /data
EXPOSE 8420
# No proxy: what is asked is this very container.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request as web; web.build_opener(web.ProxyHandler({})).open('http://127.0.0.1:' + os.environ['AFTERRUN_PORT'] + '/healthz', timeout=4)"]
CMD ["afterrun", "serve"]
