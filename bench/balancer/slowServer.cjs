// Answers 1 KB after as many milliseconds as its argument says, and tells its parent where.
const { createServer } = require("node:http");

const delay = Number(process.argv[2]);
const body = Buffer.alloc(1024, "x");
const server = createServer({ keepAliveTimeout: 60_000 }, (_request, response) =>
  setTimeout(() => response.end(body), delay),
);
server.listen(0, "127.0.0.1", () => process.send(server.address().port));
process.on("disconnect", () => process.exit(0));
