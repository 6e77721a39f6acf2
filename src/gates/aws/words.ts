import type { BalancerWords } from "../balancerCloud.js";
import type { FleetWords } from "../fleetsCloud.js";

/** How messages speak of Application Load Balancers. */
export const AWS_BALANCER_WORDS: BalancerWords = {
  name: "AWS",
  whoMoves:
    "CloudTrail: ModifyListener and ModifyRule name the caller; another stack, a CodeDeploy deployment, the console",
};

/** How messages speak of Auto Scaling groups. */
export const AWS_FLEET_WORDS: FleetWords = {
  fleet: "Auto Scaling group",
  empty: (name) =>
    `aws autoscaling update-auto-scaling-group --auto-scaling-group-name ${name} --min-size 0 --desired-capacity 0`,
  remove: (name) => `aws autoscaling delete-auto-scaling-group --auto-scaling-group-name ${name}`,
  logs: (instanceId) => `aws ec2 get-console-output --latest --output text --instance-id ${instanceId}`,
};
