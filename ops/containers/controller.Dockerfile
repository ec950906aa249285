# The controller and its page. Build it in the repository's root:
#   docker build --file ops/containers/controller.Dockerfile --tag edgezero-controller .
FROM node:26-bookworm-slim AS build
WORKDIR /source
COPY . .
RUN npx --yes pnpm@12 install --frozen-lockfile --filter @edgezero/controller... --filter @edgezero/dashboard...
RUN npx --yes pnpm@12 --filter @edgezero/dashboard build
RUN npx --yes pnpm@12 --filter @edgezero/controller bundle
# The folder of the state, which a new volume gets with its owner.
RUN mkdir --parents state

FROM node:26-bookworm-slim
COPY --from=build /source/apps/controller/bundle/main.js /app/main.js
COPY --from=build /source/apps/dashboard/package.json /app/node_modules/@edgezero/dashboard/package.json
COPY --from=build /source/apps/dashboard/dist /app/node_modules/@edgezero/dashboard/dist
COPY --from=build --chown=1000:1000 /source/state /state
# Beyond loopback it refuses to start without a CONTROLLER_TOKEN. Its state must outlive the container.
ENV HOST=0.0.0.0 STATE_DIR=/state
VOLUME /state
# The image's own user, who is not root.
USER 1000:1000
EXPOSE 8790
# Whether it answers. Whether every environment runs is /readyz: that is no reason to kill it.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["node", "-e", "fetch('http://127.0.0.1:8790/healthz').then(({ok}) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# In exec form, so that SIGTERM reaches the controller.
CMD ["node", "/app/main.js", "--config", "/config/edgezero.config.json"]
