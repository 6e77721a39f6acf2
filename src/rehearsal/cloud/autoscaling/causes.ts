/**
 * The sentences of a scaling activity's Cause, in AWS's words (user guide, troubleshooting pages and the activities people
 * quote). Each begins with its time; several are joined by two spaces.
 */
export function at(epochMs: number, sentence: string): string {
  return `At ${new Date(epochMs).toISOString().replace(/\.\d{3}Z$/, "Z")} ${sentence}`;
}

export function join(...sentences: readonly (string | undefined)[]): string {
  return sentences.filter((sentence) => sentence !== undefined).join("  ");
}

export const causes = {
  groupCreated: (to: number) =>
    `a user request created an AutoScalingGroup changing the desired capacity from 0 to ${to}.`,
  groupUpdated: (min: number, max: number, from: number, to: number) =>
    `a user request update of AutoScalingGroup constraints to min: ${min}, max: ${max}, desired: ${to} changing the desired capacity from ${from} to ${to}.`,
  desiredSet: (from: number, to: number) =>
    `a user request explicitly set group desired capacity changing the desired capacity from ${from} to ${to}.`,
  policyExecuted: (policy: string, from: number, to: number) =>
    `a user request executed policy ${policy} changing the desired capacity from ${from} to ${to}.`,
  alarmTriggered: (alarm: string, policy: string, from: number, to: number) =>
    `a monitor alarm ${alarm} in state ALARM triggered policy ${policy} changing the desired capacity from ${from} to ${to}.`,
  grow: (from: number, to: number) =>
    `an instance was started in response to a difference between desired and actual capacity, increasing the capacity from ${from} to ${to}.`,
  shrink: (from: number, to: number) =>
    `an instance was taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from ${from} to ${to}.`,
  selected: (id: string) => `instance ${id} was selected for termination.`,
  replaceLaunch: "an instance was launched in response to an unhealthy instance needing to be replaced.",
  unhealthy: {
    EC2: "an instance was taken out of service in response to an EC2 health check indicating it has been terminated or stopped.",
    ELB: "an instance was taken out of service in response to an ELB system health check failure.",
    user: "an instance was taken out of service in response to a user health-check.",
  },
  refreshLaunch: "an instance was launched in response to an instance refresh.",
  refreshTerminate: "an instance was taken out of service in response to an instance refresh.",
  userTerminate: "instance was taken out of service in response to a user request.",
  groupDeleted: "a user request force deleted the AutoScalingGroup.",
  rebalanced: "an instance was taken out of service because its Availability Zone is no longer enabled for the group.",
  abandoned: "an instance was taken out of service because its lifecycle action was abandoned.",
} as const;
