# The lab in a container, for an ordinary user; docs/install.md says how to reach it.
#   docker build -t rumorscope .
#   docker run --rm --init -p 127.0.0.1:5450:5450 rumorscope

FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --include=dev --no-audit --no-fund
COPY . .
RUN npm run build
RUN npm pack

FROM node:24-slim
WORKDIR /home/node
COPY --from=build /build/rumorscope-*.tgz ./
RUN npm install --global --offline ./rumorscope-*.tgz && rm rumorscope-*.tgz
USER node
EXPOSE 5450
ENTRYPOINT ["rumorscope"]
# Outside of the container is another machine for the lab, so only the key that it prints gives control.
CMD ["--host", "0.0.0.0", "--no-open"]
