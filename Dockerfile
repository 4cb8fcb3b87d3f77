# The gateway as an image: docs/operations.md#containers.
#
#   docker build -t harmony .
#   docker run --rm -p 8080:8080 -v ./deploy/container:/etc/harmony:ro -v harmony:/var/lib/harmony harmony
#
# A configuration that is mounted has to bind 0.0.0.0: 127.0.0.1 would be the container's own.

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
# What the program is made of and nothing else, so that a changed page or test builds nothing anew.
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig LICENSE NOTICE ./
COPY src src
COPY config config
COPY examples examples
RUN dotnet publish src/Harmony.Gateway -c release -o /app \
 && mkdir -p /var/lib/harmony

FROM mcr.microsoft.com/dotnet/aspnet:10.0
LABEL org.opencontainers.image.title="Harmony" \
      org.opencontainers.image.description="A gateway for data meshes, with health care first" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /app /app
RUN ln -s /app/harmony /usr/local/bin/harmony
COPY deploy/container /etc/harmony
# The user of the base image that is not root. The gateway keeps its history, its token and its work area here.
COPY --from=build --chown=$APP_UID:$APP_UID /var/lib/harmony /var/lib/harmony
USER $APP_UID
WORKDIR /var/lib/harmony
VOLUME /var/lib/harmony
# HTTP, and DICOM where the configuration has it.
EXPOSE 8080 11112
ENTRYPOINT ["harmony"]
CMD ["run", "--config", "/etc/harmony/config.toml"]
# A configuration without [management] has nobody to ask, which is no illness.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["harmony", "health", "--optional", "--config", "/etc/harmony/config.toml"]
STOPSIGNAL SIGTERM
