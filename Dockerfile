# Node 22 LTS. The digest is that of the image for all platforms, so the same lines build for amd64 and arm64.
# All packages that the build needs. (.npmrc turns off install scripts.)
FROM node:22.23.3-alpine3.24@sha256:0a7108bf6c7bf5de370ffb1a3ed6be93d405b43ff159f681a8d18c0e2bc2e402 AS deps
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund

FROM deps AS build
COPY .swcrc tsconfig.json ./
COPY src src
COPY migrations migrations
COPY tools tools
COPY client client
COPY web web
RUN npm run build

# The packages that the service needs at run time. The optional ones contain PostgreSQL for DB_CONNECTION=embedded. They
# are built for glibc, and in containers the database has its own container.
FROM node:22.23.3-alpine3.24@sha256:0a7108bf6c7bf5de370ffb1a3ed6be93d405b43ff159f681a8d18c0e2bc2e402 AS runtime-deps
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund

FROM node:22.23.3-alpine3.24@sha256:0a7108bf6c7bf5de370ffb1a3ed6be93d405b43ff159f681a8d18c0e2bc2e402 AS runtime
ENV NODE_ENV=production
WORKDIR /app
COPY package.json ./
COPY docker/healthcheck.cjs docker/healthcheck.cjs
COPY --from=runtime-deps /app/node_modules node_modules
COPY --from=build /app/dist/migrations dist/migrations
COPY --from=build /app/dist/src dist/src
COPY --from=build /app/dist/web dist/web
# All files belong to root: the service can change none of them, and needs no writable directory.
USER node
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 CMD ["node", "docker/healthcheck.cjs"]
CMD ["node", "dist/src/main.js"]
