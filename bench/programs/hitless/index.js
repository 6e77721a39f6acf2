const { RollingFleet } = require("hitless");
const { count, healthCheck, loadBalancerArn, network, release } = require("../fleet.js");

for (let i = 0; i < count; i++) {
  new RollingFleet(`web-${i}`, {
    release,
    fleet: { ...network, desiredCapacity: 6 },
    entrance: { loadBalancerArn, listenerPort: 8000 + i },
    healthCheck,
    batchSize: 2,
  });
}
