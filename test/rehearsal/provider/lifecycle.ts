/** The life of a resource against the local cloud's services, over gRPC and AWS's wire, as an engine leads it. */
import type { Values } from "../../../src/rehearsal/provider/protocol/values.js";
import { type ProviderServer, startProviderServer } from "../../../src/rehearsal/provider/server.js";
import { type CloudDouble, SPEED, startCloudDouble } from "./cloudDouble.js";
import { EngineDouble } from "./engineDouble.js";

export const LB = "aws:lb/loadBalancer:LoadBalancer";
export const TG = "aws:lb/targetGroup:TargetGroup";
export const LISTENER = "aws:lb/listener:Listener";
export const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";

export class Lifecycle {
  /** Ids and states of what was made, by a key of the test's choice; `vpc`, `subnetA`, `subnetB` and `image` stand from the start. */
  readonly ids: Record<string, string> = {};
  readonly states: Record<string, Values> = {};

  private constructor(
    readonly cloud: CloudDouble,
    readonly engine: EngineDouble,
    private readonly provider: ProviderServer,
  ) {}

  static async start(): Promise<Lifecycle> {
    const cloud = await startCloudDouble();
    const provider = await startProviderServer({ environment: cloud.environment, speed: SPEED });
    const engine = new EngineDouble(provider.port);
    await engine.configure();
    const life = new Lifecycle(cloud, engine, provider);
    const vpc = await engine.invoke("aws:ec2/getVpc:getVpc", { default: true });
    const inVpc = [{ name: "vpc-id", values: [vpc.result.id] }];
    const subnets = await engine.invoke("aws:ec2/getSubnets:getSubnets", { filters: inVpc });
    const forIntel = [{ name: "architecture", values: ["x86_64"] }];
    const newest = { owners: ["amazon"], mostRecent: true, filters: forIntel };
    const image = await engine.invoke("aws:ec2/getAmi:getAmi", newest);
    const [subnetA, subnetB] = subnets.result.ids;
    Object.assign(life.ids, { vpc: vpc.result.id, subnetA, subnetB, image: image.result.id });
    return life;
  }

  async close(): Promise<void> {
    this.engine.close();
    await this.provider.close();
    await this.cloud.close();
  }

  /** Check and create; then a second `up` and a refresh must show no difference. */
  async make(type: string, name: string, given: Values, key = name): Promise<Values> {
    const { inputs, failures } = await this.engine.check(type, name, given);
    expect(failures).toEqual([]);
    const { id, state } = await this.engine.create(type, name, inputs);
    this.ids[key] = id;
    this.states[key] = state;
    await this.expectSteady(type, key, inputs);
    return state;
  }

  /** Diff, preview and update in place; then a second `up` and a refresh must show no difference. */
  async change(type: string, key: string, news: Values): Promise<{ state: Values; detailed: Values }> {
    const { id, state } = this.of(key);
    const { inputs, failures } = await this.engine.check(type, key, news, state);
    expect(failures).toEqual([]);
    const diff = await this.engine.diff(type, id, state, inputs);
    expect(diff).toMatchObject({ changes: true, replaces: [] });
    const preview = await this.engine.update(type, id, state, inputs, { preview: true });
    const updated = await this.engine.update(type, id, state, inputs);
    expect(Object.keys(preview).sort()).toEqual(Object.keys(updated).sort());
    this.states[key] = updated;
    await this.expectSteady(type, key, inputs);
    return { state: updated, detailed: diff.detailed };
  }

  /** An import reads by id alone; the program that it was made from must then show no difference. */
  async expectImportable(type: string, key: string, id: string, given: Values): Promise<void> {
    const imported = await this.engine.read(type, id);
    expect(imported.id).toBe(id);
    const own = await this.engine.check(type, key, imported.inputs, imported.inputs);
    expect(own.failures).toEqual([]);
    expect((await this.engine.diff(type, id, imported.state, own.inputs)).detailed).toEqual({});
    const program = await this.engine.check(type, key, given, imported.inputs);
    expect((await this.engine.diff(type, id, imported.state, program.inputs)).detailed).toEqual({});
  }

  /** Delete; then it is gone, and deleting it again is no error. */
  async remove(type: string, key: string): Promise<void> {
    const { id, state } = this.of(key);
    await this.engine.delete(type, id, state);
    expect((await this.engine.read(type, id, state)).id).toBe("");
    await this.engine.delete(type, id, state);
  }

  of(key: string): { id: string; state: Values } {
    const id = this.ids[key];
    const state = this.states[key];
    if (id === undefined || state === undefined) throw new Error(`an earlier test did not make ${key}`);
    return { id, state };
  }

  private async expectSteady(type: string, key: string, inputs: Values): Promise<void> {
    const { id, state } = this.of(key);
    const again = await this.engine.check(type, key, inputs, inputs);
    expect(again.failures).toEqual([]);
    expect(await this.engine.diff(type, id, state, again.inputs)).toMatchObject({ changes: false, detailed: {} });
    const refreshed = await this.engine.read(type, id, state, inputs);
    expect(refreshed.state).toEqual(state);
    expect(refreshed.inputs).toEqual(inputs);
  }
}
