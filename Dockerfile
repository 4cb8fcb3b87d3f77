# The gateway as an image: docs/operations.md#containers.
#
#   docker build -t harmony .
#   docker run --rm -p 8080:8080 -v ./config:/etc/harmony:ro -v harmony:/var/lib/harmony harmony

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/Harmony.Gateway -c release -o /app \
 && mkdir -p /var/lib/harmony

FROM mcr.microsoft.com/dotnet/aspnet:10.0
COPY --from=build /app /app
COPY deploy/container /etc/harmony
# The user of the base image that is not root. The gateway keeps its history, its token and its work area here.
COPY --from=build --chown=$APP_UID:$APP_UID /var/lib/harmony /var/lib/harmony
USER $APP_UID
WORKDIR /var/lib/harmony
VOLUME /var/lib/harmony
EXPOSE 8080
ENTRYPOINT ["dotnet", "/app/harmony.dll"]
CMD ["run", "--config", "/etc/harmony/config.toml"]
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
    CMD ["dotnet", "/app/harmony.dll", "health", "--config", "/etc/harmony/config.toml"]
STOPSIGNAL SIGTERM
