# Never built on the machine this was written on: it has no Docker. test/install checks it by reading it.
FROM node:22-slim AS build
WORKDIR /app
COPY package.json package-lock.json tsconfig.json build.mjs ./
COPY src ./src
COPY tools ./tools
COPY scripts/notices.mjs ./scripts/
RUN npm ci --ignore-scripts && npm rebuild esbuild && npm run build

FROM node:22-slim
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=build /app/dist ./dist
# Reports and the journal outlive the container only in a volume: docker run -i -v skyprep-state:/state …
RUN mkdir /state && chown node:node /state && chmod 700 /state
ENV NODE_ENV=production SKYPREP_STATE_DIR=/state
VOLUME /state
USER node
ENTRYPOINT ["node", "/app/dist/skyprep-mcp.js"]
