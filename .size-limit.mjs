// What a package may weigh, minified and gzipped. An adapter is weighed alone: its client library and the
// packages of the project that it stands on are budgeted where they are.
const adapter = (name, library) => ({
  name: `@anyhttp/${name}`,
  path: `packages/${name}/dist/index.js`,
  limit: "5 kB",
  gzip: true,
  ignore: ["@anyhttp/core", "@anyhttp/node-connect", ...library],
  modifyEsbuildConfig: (config) => ({ ...config, platform: "node" }),
});

export default [
  {
    name: "@anyhttp/core with @anyhttp/transport-fetch",
    path: "packages/core/dist/index.js",
    import: {
      "packages/core/dist/index.js": "{ Session }",
      "packages/transport-fetch/dist/index.js": "{ fetchTransport }",
    },
    limit: "12 kB",
    gzip: true,
  },
  adapter("transport-undici", ["undici"]),
  adapter("transport-axios", ["axios"]),
  adapter("transport-node-fetch", ["node-fetch"]),
  adapter("node-connect", []),
];
