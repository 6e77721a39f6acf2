import { z } from "zod";
import { cluster } from "./clusterSchema.js";
import { interruptionSchema, interventionShape } from "./interventionSchema.js";
import { ISOLATIONS } from "./isolations.js";
import { load, sharesByVersion } from "./loadSchema.js";
import { exactlyOne, faults, seconds, section, shorthand } from "./section.js";

const regularExpression = z.string().refine(isRegularExpression, { error: "expected a regular expression" });
const servers = z.int().min(0);

/** Pulumi configuration; `null` removes a key. Keys without a colon belong to the project. */
const configuration = z.record(z.string().min(1), z.json());

const up = section({
  expect: z.enum(["success", "refused"]),
  reason: regularExpression.optional(),
  changes: z.enum(["none", "some"]).optional(),
  refresh: z.boolean().default(false),
});

const preview = section({ expect: z.enum(["changed", "unchanged"]), refresh: z.boolean().default(false) });

const kill = exactlyOne(
  section({
    afterReplaced: z.int().min(0).optional(),
    afterOperations: z.int().min(1).optional(),
    afterMessage: regularExpression.optional(),
  }),
  ["afterReplaced", "afterOperations", "afterMessage"],
);

/** AWS seconds that the program itself waits, which no strategy could do without. */
const waits = section({
  bakeSeconds: z.number().min(0).max(86_400).default(0),
  spreadSeconds: z.number().min(0).max(86_400).default(0),
});

const step = section({
  name: z.string().min(1).optional(),
  set: configuration.default({}),
  faults: faults.optional(),
  up: shorthand(up).optional(),
  preview: shorthand(preview).optional(),
  kill: kill.optional(),
  ...interventionShape,
  previewed: z.boolean().optional(),
  during: z.array(interruptionSchema).default([]),
  shares: sharesByVersion.optional(),
  sharesOf: z.record(z.string().min(1), sharesByVersion).default({}),
  tolerance: z.number().min(0).max(1).default(0.05),
  versionChanges: z.int().min(0).optional(),
  lostAtMost: z.int().min(0).default(0),
  observeSeconds: z.number().min(0).max(3600).default(1.5),
  observeRequests: z.int().min(0).max(10_000_000).default(0),
  servers: section({ healthyAtLeast: servers.optional(), atMost: servers.optional() }).default({}),
  waits: waits.prefault({}),
  timeoutSeconds: seconds.default(900),
});

/** As an HTTPS listener names it. */
const certificateArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:(acm|iam):[^=,]+$/, "expected the ARN of a certificate in ACM or IAM");

/** The whole of `rehearsal.yaml`; `docs/rehearsal.md` describes each key. */
export const scenarioSchema = section({
  speed: z.number().positive().max(1000).default(1),
  minimumRequests: z.int().min(0).default(0),
  previewed: z.boolean().default(false),
  destroy: z.boolean().default(true),
  isolation: z.enum(ISOLATIONS).default("auto"),
  certificates: z.record(certificateArn, section({ cert: z.string().min(1), key: z.string().min(1) })).default({}),
  cluster: cluster.optional(),
  load: load.prefault({}),
  config: configuration.default({}),
  faults: faults.default({}),
  steps: z.array(step).min(1),
});

/** A scenario with every default filled in. */
export type Scenario = z.output<typeof scenarioSchema>;
export type ScenarioStep = Scenario["steps"][number];
export type Isolation = Scenario["isolation"];
export type ScenarioLoad = Scenario["load"];

function isRegularExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
