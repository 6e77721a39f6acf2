/**
 * One configured provider, without the wire: check, diff and the life of a resource, written once over the declarations of
 * `schema/` and the calls of `resources/`. It keeps nothing between calls but its configuration.
 */
import { explain } from "./awsErrors.js";
import { type Aws, awsClients } from "./config/clients.js";
import type { ProviderConfig } from "./config/config.js";
import { PartialFailure } from "./protocol/partialFailure.js";
import { isUnknown, type Values } from "./protocol/values.js";
import { functionType, resourceType } from "./registry.js";
import type { Call, ResourceType } from "./resource.js";
import { type CheckFailure, coerceAll } from "./schema/coerce.js";
import { type Change, changesBetween, conformAll } from "./schema/compare.js";
import { type Autonaming, autoName, isNameGiven } from "./schema/naming.js";
import { inputsOf, plan } from "./schema/plan.js";
import { previewCreate, previewUpdate } from "./schema/preview.js";
import type { Properties } from "./schema/property.js";
import { refreshInputs } from "./schema/refresh.js";
import { Waiter } from "./wait.js";

/** What surrounds one call: cancellation, the user's timeout, and where progress goes. */
export interface Surroundings {
  readonly signal: AbortSignal;
  readonly report: (progress: string) => void;
  /** 0 if the program gives none. */
  readonly timeoutSeconds: number;
}

export interface CheckRequest {
  readonly urn: string;
  readonly olds: Values;
  readonly news: Values;
  readonly seed: Uint8Array;
  readonly autonaming?: Autonaming;
}

export interface DiffResult {
  readonly changes: readonly Change[];
  readonly deleteBeforeReplace: boolean;
}

export interface UpdateRequest {
  readonly urn: string;
  readonly id: string;
  readonly olds: Values;
  readonly news: Values;
  readonly ignored: readonly string[];
}

const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").pop() ?? "";
const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");

export class Provider {
  private readonly clients = new Map<string, Aws>();

  /**
   * @param speed how many AWS seconds pass in one real second
   * @param makeClients replaces the AWS clients in tests
   */
  constructor(
    readonly config: ProviderConfig,
    private readonly speed: number,
    private readonly makeClients: (config: ProviderConfig, region: string) => Aws = awsClients,
  ) {}

  /** The account that the credentials belong to; proves that the endpoint answers. */
  async account(): Promise<string> {
    const { GetCallerIdentityCommand } = await import("@aws-sdk/client-sts");
    const { Account } = await this.aws(this.config.region).sts.send(new GetCallerIdentityCommand({}));
    return Account ?? "";
  }

  async check(request: CheckRequest): Promise<{ inputs: Values; failures: CheckFailure[] }> {
    const type = await resourceType(typeOf(request.urn));
    const failures: CheckFailure[] = [];
    const inputs = coerceAll(type.token, type.properties, request.news, "", failures);
    if (type.properties.tagsAll && !isUnknown(inputs.tags)) {
      const tags = { ...this.config.defaultTags, ...inputs.tags };
      if (Object.keys(tags).length > 0) inputs.tags = tags;
    }
    if (type.maxNameLength !== undefined) {
      const { olds, seed, autonaming } = request;
      const naming = { resourceName: nameOf(request.urn), olds, seed, maxLength: type.maxNameLength };
      autoName(inputs, autonaming ? { ...naming, autonaming } : naming, failures);
    }
    failures.push(...(type.validate?.(inputs) ?? []));
    return { inputs, failures };
  }

  async diff(request: UpdateRequest): Promise<DiffResult> {
    const type = await resourceType(typeOf(request.urn));
    const planned = this.planOf(type, request.news, request.olds, request.ignored);
    const changes = changesBetween(type.properties, request.olds, planned);
    const namesake = isNameGiven(request.news) && planned.name === request.olds.name;
    return { changes, deleteBeforeReplace: namesake && changes.some(({ replace }) => replace) };
  }

  async previewCreate(urn: string, inputs: Values): Promise<Values> {
    const type = await resourceType(typeOf(urn));
    return previewCreate(type.properties, this.planOf(type, inputs, {}, []));
  }

  async create(urn: string, inputs: Values, around: Surroundings): Promise<{ id: string; state: Values }> {
    const type = await resourceType(typeOf(urn));
    const planned = this.planOf(type, inputs, {}, []);
    const call = this.call(planned, around);
    const id = await this.explained(`creating ${type.token} "${nameOf(urn)}"`, () => type.create(call, planned));
    try {
      await type.settle?.(call, id, planned);
      return { id, state: await this.stateOf(type, call, id, planned) };
    } catch (error) {
      const state = await this.stateOf(type, call, id, planned).catch(() => keepStored(type.properties, planned, {}));
      throw new PartialFailure(id, state, inputs, `creating ${type.token} "${nameOf(urn)}": ${explain(error)}`);
    }
  }

  /** `undefined` if the thing is gone. Without a known state this is an import: inputs are made from what AWS tells. */
  async read(
    urn: string,
    id: string,
    known: Values,
    inputs: Values,
    around: Surroundings,
  ): Promise<{ state: Values; inputs: Values } | undefined> {
    const type = await resourceType(typeOf(urn));
    const call = this.call(known, around);
    const isImport = Object.keys(known).length === 0;
    const actual = await this.explained(`reading ${type.token} "${id}"`, () => type.read(call, id, known));
    if (!actual) return undefined;
    const stored = isImport ? plan(type.properties, {}, {}) : known;
    const state = keepStored(
      type.properties,
      stored,
      conformAll(type.properties, known, { region: call.region, ...actual }),
    );
    const kept = isImport ? inputsOf(type.properties, state) : refreshInputs(type.properties, inputs, state);
    // The provider's own region is no input of the resource.
    if (isImport && kept.region === this.config.region) delete kept.region;
    return { state, inputs: kept };
  }

  async previewUpdate(request: UpdateRequest): Promise<Values> {
    const type = await resourceType(typeOf(request.urn));
    const { planned, changed } = this.updateOf(type, request);
    const recomputed = type.recomputed?.(changed, planned) ?? [];
    return previewUpdate(type.properties, request.olds, planned, recomputed);
  }

  async update(request: UpdateRequest, around: Surroundings): Promise<Values> {
    const { urn, id, olds } = request;
    const type = await resourceType(typeOf(urn));
    const { planned, changed } = this.updateOf(type, request);
    const call = this.call(planned, around);
    try {
      await type.update(call, { id, state: olds, planned, changed });
    } catch (error) {
      const reason = `updating ${type.token} "${nameOf(urn)}": ${explain(error)}`;
      throw await this.failedUpdate(type, call, request, reason);
    }
    return await this.explained(`reading ${type.token} "${id}"`, () => this.stateOf(type, call, id, planned));
  }

  async delete(urn: string, id: string, state: Values, around: Surroundings): Promise<void> {
    const type = await resourceType(typeOf(urn));
    await this.explained(`deleting ${type.token} "${nameOf(urn)}"`, () =>
      type.delete(this.call(state, around), id, state),
    );
  }

  async invoke(
    token: string,
    given: Values,
    around: Surroundings,
  ): Promise<{ result: Values; failures: CheckFailure[] }> {
    const type = await functionType(token);
    const failures: CheckFailure[] = [];
    const args = coerceAll(token, type.arguments, given, "", failures);
    if (failures.length > 0) return { result: {}, failures };
    const call = this.call(args, around);
    const result = await this.explained(`invoking ${token}`, () => type.invoke(call, plan(type.arguments, args, {})));
    return { result, failures };
  }

  private aws(region: string): Aws {
    const known = this.clients.get(region) ?? this.makeClients(this.config, region);
    this.clients.set(region, known);
    return known;
  }

  private call(values: Values, around: Surroundings): Call {
    const region = typeof values.region === "string" ? values.region : this.config.region;
    const aws = this.aws(region);
    return {
      aws,
      region,
      defaultTags: this.config.defaultTags,
      waiter: new Waiter(this.speed, around.signal, around.report),
      report: around.report,
      deadlineSeconds: (otherwise) => around.timeoutSeconds || otherwise,
    };
  }

  private planOf(type: ResourceType, inputs: Values, state: Values, ignored: readonly string[]): Values {
    const region = type.properties.region ? { region: this.config.region } : {};
    return plan(type.properties, { ...region, ...inputs }, state, ignored);
  }

  private updateOf(type: ResourceType, request: UpdateRequest): { planned: Values; changed: ReadonlySet<string> } {
    const planned = this.planOf(type, request.news, request.olds, request.ignored);
    const changes = changesBetween(type.properties, request.olds, planned);
    return { planned, changed: new Set(changes.map(({ top }) => top)) };
  }

  /** What AWS tells now, in the words of the plan, with what only the state keeps. */
  private async stateOf(type: ResourceType, call: Call, id: string, planned: Values): Promise<Values> {
    const actual = await type.read(call, id, planned);
    if (!actual) throw new Error(`${type.token} ${id} does not exist although AWS accepted it`);
    const { properties } = type;
    return keepStored(properties, planned, conformAll(properties, planned, { region: call.region, ...actual }));
  }

  /** An update of several calls may fail between them: the state then says what AWS has now. */
  private async failedUpdate(type: ResourceType, call: Call, request: UpdateRequest, reason: string): Promise<Error> {
    const { id, olds, news } = request;
    const now = await this.stateOf(type, call, id, olds).catch(() => undefined);
    const moved = now !== undefined && changesBetween(type.properties, olds, now).length > 0;
    return moved ? new PartialFailure(id, now, news, reason) : new Error(reason);
  }

  private async explained<T>(doing: string, action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (cause) {
      throw new Error(`${doing}: ${explain(cause)}`, { cause });
    }
  }
}

function keepStored(properties: Properties, from: Values, state: Values): Values {
  const result = { ...state };
  for (const [name, property] of Object.entries(properties)) {
    if (property.stored && from[name] !== undefined) result[name] = from[name];
  }
  return result;
}
