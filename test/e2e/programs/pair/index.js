const { BlueGreenPair } = require("hitless");
const { surroundings } = require("../surroundings.js");

const { config, url, release, common } = surroundings();

const shop = new BlueGreenPair("shop", {
  live: config.require("live"),
  blue: release(config.require("blue")),
  green: release(config.require("green")),
  idle: config.get("idle"),
  shift: config.getObject("shift"),
  verify: config.getObject("verify"),
  preview: config.getObject("preview"),
  stickiness: config.getObject("stickiness"),
  rollbackWindowSeconds: config.getNumber("rollbackWindowSeconds"),
  ...common,
});

exports.url = url;
exports.status = shop.status;
