const { RollingFleet } = require("hitless");
const { surroundings } = require("../surroundings.js");

const { config, url, release, common } = surroundings();
const { spreadSeconds: _, ...settings } = common; // no weights, nothing to spread

const shop = new RollingFleet("shop", {
  release: release(config.require("version")),
  batchSize: config.getNumber("batchSize"),
  ...settings,
});

exports.url = url;
exports.status = shop.status;
