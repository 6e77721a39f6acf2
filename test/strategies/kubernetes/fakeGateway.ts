import type { AlarmCloud } from "../../../src/gates/alarmCloud.js";
import type { BalancerCloud, ForwardAction, RuleView, TargetView } from "../../../src/gates/balancerCloud.js";
import type { FleetsCloud, FleetView, Seniority } from "../../../src/gates/fleetsCloud.js";
import { FakeEntrance, LISTENER, tg } from "../../gates/shift/fakeEntrance.js";

export const GATEWAY = "infra/public";
const ROUTE = "shop/web";

/** `NAMESPACE/NAME` of a fleet's Service, and of its Deployment. */
export const id = (name: string): string => `shop/${name}`;

/**
 * A Gateway and the Deployments behind it, in virtual time: the load balancer of the other tests, under the names of Kubernetes. Strategies
 * that knew what a target group or a group is called would not get along with it.
 */
export class FakeGateway implements BalancerCloud, FleetsCloud, AlarmCloud {
  readonly #alb = new FakeEntrance();
  tags: Record<string, string> = {};
  /** What hinders pods that the Gateway does not know. */
  trouble: string | undefined;
  readonly balancerWords = { name: "the cluster", whoMoves: "kubectl" };
  readonly fleetWords = {
    fleet: "Deployment",
    empty: (name: string) => `empty ${name}`,
    remove: (name: string) => `remove ${name}`,
    logs: (pod: string) => `kubectl logs ${pod}`,
  };

  get now(): number {
    return this.#alb.now;
  }
  advance(seconds: number): void {
    this.#alb.advance(seconds);
  }
  get calls(): string[] {
    return this.#alb.calls.map((each) => each.replace(/^size /, "size shop/"));
  }
  shares(): Record<string, number> {
    return this.#alb.shares();
  }
  add(name: string, size: number, version = name): void {
    this.#alb.addFleet(name, size, { tags: { "hitless:version": version } });
  }
  begin(weights: Record<string, number>): void {
    this.#alb.begin(weights);
  }
  resize(name: string, size: number): void {
    this.#alb.resize(name, size);
  }
  sicken(name: string, count: number): void {
    this.#alb.sicken(name, count);
  }

  async targets(target: string): Promise<readonly TargetView[]> {
    return this.#alb.targets(own(target));
  }
  async forwardAction(route: string): Promise<ForwardAction | undefined> {
    if (route !== ROUTE) return undefined;
    const action = await this.#alb.forwardAction(LISTENER);
    return action && named(action, (arn) => id(arn.split("/")[1] as string));
  }
  setForwardAction(_route: string, action: ForwardAction): Promise<void> {
    return this.#alb.setForwardAction(LISTENER, named(action, own));
  }
  async rules(gateway: string): Promise<readonly RuleView[]> {
    if (gateway !== GATEWAY) throw new Error(`not the Gateway: ${gateway}`);
    const { targets = [] } = (await this.forwardAction(ROUTE)) ?? {};
    const targetGroupArns = targets.map(({ targetGroupArn }) => targetGroupArn);
    return [{ arn: ROUTE, priority: "entrance", headers: {}, targetGroupArns }];
  }
  async listener(arn: string) {
    return { arn, protocol: "HTTP", port: 80, dnsName: "10.0.0.1" };
  }
  async listenerArns(): Promise<readonly string[]> {
    throw new Error("a Gateway's entrance is a route, never a listener");
  }
  async listenerOf(route: string): Promise<string> {
    if (route !== ROUTE) throw new Error(`not the route: ${route}`);
    return GATEWAY;
  }
  async entranceTags(route: string) {
    return route === ROUTE ? this.tags : {};
  }
  async alarms(): Promise<never> {
    throw new Error("a Gateway has no alarms");
  }
  async leftBehind() {
    return [];
  }

  async fleetsOf(component: string): Promise<readonly FleetView[]> {
    const fleets = await this.#alb.fleetsOf(component);
    return fleets.map(({ name, targetGroupArns: _, ...fleet }) => ({
      ...fleet,
      name: id(name),
      targetGroupArns: [id(name)],
    }));
  }
  setDesiredCapacity(fleet: string, pods: number): Promise<void> {
    return this.#alb.setDesiredCapacity(fleet.split("/")[1] as string, pods);
  }
  async seniority(): Promise<Seniority> {
    return { since: "ready", moments: new Map() };
  }
  async consoleTail(pod: string) {
    return `last words of ${pod}`;
  }
  async troubles(): Promise<readonly string[]> {
    return this.trouble === undefined ? [] : [this.trouble];
  }
}

/** The target group that stands for a Service in the fake. */
function own(service: string): string {
  const [namespace, name] = service.split("/");
  if (namespace !== "shop" || name === undefined) throw new Error(`not a Service: ${service}`);
  return tg(name);
}

function named(action: ForwardAction, name: (target: string) => string): ForwardAction {
  const targets = action.targets.map(({ targetGroupArn, weight }) => ({
    targetGroupArn: name(targetGroupArn),
    weight,
  }));
  return { ...action, targets };
}
