// The app of pods in tests: environment variables say how it behaves.
const { createServer } = require("node:http");
const { VERSION = "v1", BOOT_MS = "0", CRASH = "", SICK = "", PORT = "8080" } = process.env;

console.log(`${VERSION} starts`);
setTimeout(() => {
  if (CRASH) {
    console.error(`${VERSION} cannot go on: ${CRASH}`);
    process.exit(3);
  }
  createServer((request, response) => {
    response.statusCode = SICK && request.url === "/health" ? 500 : 200;
    response.end(`${VERSION}\n`);
  }).listen(Number(PORT));
}, Number(BOOT_MS));
process.on("SIGTERM", () => process.exit(0));
