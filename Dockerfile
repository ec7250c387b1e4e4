# One image for both operating systems; docker-compose.yml says which one a container runs.
FROM node:24-bookworm-slim

ENV NODE_ENV=production BACKCHANNEL_STATE_DIR=/state BACKCHANNEL_LOG_FORMAT=json

# A named volume takes its owner and its mode from the folder that it is mounted on.
RUN install -d -o node -g node -m 0700 /state /state/channel /state/control

WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --no-update-notifier --cache /tmp/npm \
  && rm -rf /tmp/*

# The files keep the modes of the checkout, which may let nobody but their owner read them.
COPY --chown=node:node . .

USER node
# Loads all that a container may, so that what cannot be loaded becomes no image. What tsx compiles
# for that stays in /tmp: a container starts faster with it, and needs no folder to write to.
RUN node --import tsx --eval "for (const file of process.argv.slice(1)) import('./' + file)" \
  cli/main.ts cli/commands/*.ts */index.ts */*-miniport/reference/index.ts

ENTRYPOINT ["node", "cli/backchannel.mjs"]
CMD ["--help"]
