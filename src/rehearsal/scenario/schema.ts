import { z } from "zod";

/** An object whose unknown keys are refused with the list of the known ones. */
function section<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? `known keys: ${Object.keys(shape).join(", ")}` : undefined),
  });
}

/** `up: refused` is short for `up: { expect: refused }`. */
function shorthand<Full extends z.ZodType>(full: Full) {
  return z.preprocess((value) => (typeof value === "string" ? { expect: value } : value), full);
}

const regularExpression = z.string().refine(isRegularExpression, { error: "expected a regular expression" });
const seconds = z.number().positive().max(86_400);
const servers = z.int().min(0);

const request = section({
  path: z.string().startsWith("/"),
  method: z
    .string()
    .regex(/^[A-Z]+$/, "expected an HTTP method in capitals")
    .default("GET"),
  share: z.number().min(0).default(1),
  timeoutSeconds: seconds.default(15),
  headers: z.record(z.string(), z.string()).default({}),
  bodyBytes: z.int().min(0).max(100_000_000).default(0),
  bodySeconds: z.number().min(0).max(3600).default(0),
});

const load = section({
  output: z.string().min(1).default("url"),
  rate: z.number().positive().max(20_000).default(200),
  versionHeader: z.string().min(1).default("x-version"),
  versionField: z.string().min(1).optional(),
  maxConnections: z.int().min(1).max(20_000).default(2000),
  requests: z
    .array(request)
    .min(1)
    .refine((requests) => requests.some(({ share }) => share > 0), { error: "expected one share above 0" })
    .prefault([{ path: "/" }]),
});

const faults = section({
  skipDraining: z.boolean().optional(),
  ignoreHealth: z.boolean().optional(),
  propagationSeconds: z.number().min(0).max(3600).optional(),
  throttleShare: z.number().min(0).max(1).optional(),
});

/** Pulumi configuration; `null` removes a key. Keys without a colon belong to the project. */
const configuration = z.record(z.string().min(1), z.json());

const step = section({
  name: z.string().min(1).optional(),
  set: configuration.default({}),
  faults: faults.optional(),
  up: shorthand(
    section({
      expect: z.enum(["success", "refused"]),
      reason: regularExpression.optional(),
      changes: z.enum(["none", "some"]).optional(),
      refresh: z.boolean().default(false),
    }),
  ).optional(),
  preview: shorthand(
    section({ expect: z.enum(["changed", "unchanged"]), refresh: z.boolean().default(false) }),
  ).optional(),
  kill: section({ afterReplaced: z.int().min(0) }).optional(),
  shares: z.record(z.string(), z.number().min(0).max(1)).optional(),
  tolerance: z.number().min(0).max(1).default(0.05),
  observeSeconds: z.number().min(0).max(3600).default(1.5),
  servers: section({ healthyAtLeast: servers.optional(), atMost: servers.optional() }).default({}),
  timeoutSeconds: seconds.default(900),
});

/** The whole of `rehearsal.yaml`; `docs/rehearsal.md` describes each key. */
export const scenarioSchema = section({
  speed: z.number().positive().max(1000).default(1),
  minimumRequests: z.int().min(0).default(0),
  load: load.prefault({}),
  config: configuration.default({}),
  faults: faults.default({}),
  steps: z.array(step).min(1),
});

/** A scenario with every default filled in. */
export type Scenario = z.output<typeof scenarioSchema>;
export type ScenarioStep = Scenario["steps"][number];
export type ScenarioLoad = Scenario["load"];

function isRegularExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
