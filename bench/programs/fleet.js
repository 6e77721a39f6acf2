// What both programs of the preview bench declare twenty times, so that they differ in nothing but who writes the resources.
exports.count = 20;
exports.release = {
  version: "v1",
  imageId: "ami-0123456789abcdef0",
  instanceType: "t3.micro",
  userData: "#!/bin/bash\nexec /opt/app/server\n",
};
exports.network = {
  vpcId: "vpc-0123456789abcdef0",
  subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
  securityGroupIds: ["sg-0123456789abcdef0"],
};
exports.loadBalancerArn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/0123456789abcdef";
exports.healthCheck = { path: "/health", intervalSeconds: 10, timeoutSeconds: 5 };

// The program's peak memory, for the bench to read. Written at exit, when the peak is known.
process.on("exit", () => {
  const file = process.env.HITLESS_BENCH_MEMORY_FILE;
  if (file) require("node:fs").writeFileSync(file, String(process.resourceUsage().maxRSS));
});
