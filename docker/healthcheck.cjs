// Checks /health of the service in this container; the image has no curl.
const { get } = require('node:http');

get(
  { host: '127.0.0.1', port: process.env.APP_PORT || 8080, path: '/health', timeout: 2000 },
  ({ statusCode }) => {
    process.exit(statusCode === 200 ? 0 : 1);
  },
)
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1));
