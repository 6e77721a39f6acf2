const { CanaryRelease } = require("hitless");
const { surroundings } = require("../surroundings.js");

const { config, url, release, common } = surroundings();

/** A version with its share, and with testers who send `x-beta: VERSION`. */
const shared = (version, weight) => ({
  ...release(version),
  weight,
  audience: { header: { name: "x-beta", values: [version] } },
});
const canary = config.get("canary");
const previous = config.get("previous");

const shop = new CanaryRelease("shop", {
  stable: release(config.require("stable")),
  canary: canary ? shared(canary, config.getNumber("weight") ?? 0) : undefined,
  others: Object.entries(config.getObject("others") ?? {}).map(([version, weight]) => shared(version, weight)),
  previous: previous ? release(previous) : undefined,
  steps: config.getObject("steps"),
  maxStep: config.getNumber("maxStep"),
  stickiness: config.getNumber("stickySeconds") ? { seconds: config.requireNumber("stickySeconds") } : undefined,
  ...common,
});

exports.url = url;
exports.status = shop.status;
