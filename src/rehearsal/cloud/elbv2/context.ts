import type { Logger } from "pino";
import type { Clock } from "../clock.js";
import type { Compute } from "../ports.js";
import type { AddressPool } from "./naming.js";
import type { Publisher } from "./publisher.js";
import type { Store } from "./store.js";
import type { TargetTable } from "./targetTable.js";

/** Security groups, where somebody knows them (EC2 does). */
export interface SecurityGroupDirectory {
  securityGroup(groupId: string): { vpcId: string } | undefined;
  /** Id of the VPC's default group. */
  defaultSecurityGroup(vpcId: string): string;
}

/** What the operations of load balancing work on. */
export interface Elb {
  readonly store: Store;
  readonly targets: TargetTable;
  readonly publisher: Publisher;
  readonly compute: Compute;
  readonly clock: Clock;
  readonly log: Logger;
  readonly region: string;
  readonly accountId: string;
  readonly addresses: AddressPool;
  readonly securityGroups?: SecurityGroupDirectory | undefined;
}

/**
 * Puts a change of rules into use: target states follow it at once, the call answers when the data plane has it. Refused by
 * the data plane, the change is undone.
 */
export async function putIntoUse(elb: Elb, loadBalancerArn: string, undo: () => void): Promise<void> {
  tellAll(elb);
  await elb.publisher.commit(loadBalancerArn, () => {
    undo();
    tellAll(elb);
  });
}

/** Which groups are in use may have changed for any of them. */
export function tellAll(elb: Elb): void {
  for (const arn of elb.store.targetGroups.keys()) elb.targets.tell(arn);
}

/** Replaces a record in its map; the returned function puts the old one back. */
export function replace<T>(map: Map<string, T>, key: string, record: T): () => void {
  const before = map.get(key);
  map.set(key, record);
  return () => {
    if (before === undefined) map.delete(key);
    else map.set(key, before);
  };
}
