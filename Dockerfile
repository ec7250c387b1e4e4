# One image for both operating systems; docker-compose.yml says which one a container runs.
FROM node:24-bookworm-slim

# The folders that the named volumes are mounted on must belong to the user that runs.
RUN mkdir -p /app /state/channel /state/control && chown -R node:node /app /state
WORKDIR /app
USER node

COPY --chown=node:node package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force

COPY --chown=node:node cli ./cli
COPY --chown=node:node docs ./docs
COPY --chown=node:node guest ./guest
COPY --chown=node:node host ./host
COPY --chown=node:node shared ./shared
COPY --chown=node:node tsconfig.json ./

ENV NODE_ENV=production BACKCHANNEL_STATE_DIR=/state BACKCHANNEL_LOG_FORMAT=json
ENTRYPOINT ["node", "cli/backchannel.mjs"]
CMD ["--help"]
