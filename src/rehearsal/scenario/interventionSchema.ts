import { z } from "zod";
import { exactlyOne, faults, section } from "./section.js";

const scale = section({ group: z.string().min(1), to: z.int().min(0).max(10_000) });

const weights = section({
  output: z.string().min(1).optional(),
  to: z
    .record(z.string().min(1), z.int().min(0).max(999))
    .refine((to) => Object.keys(to).length > 0, { error: "expected a target group and its weight" }),
});

const terminate = section({
  group: z.string().min(1),
  count: z.int().min(1).max(10_000).default(1),
  afterSeconds: z.number().min(0).max(86_400).default(0),
});

/** Words for kubectl, in the rehearsal's cluster. */
const kubectl = z.array(z.string().min(1)).min(1);

/** What somebody else does to the cloud, behind the program's back. */
export const interventionShape = {
  scale: scale.optional(),
  weights: weights.optional(),
  terminate: terminate.optional(),
  kubectl: kubectl.optional(),
};

export const INTERVENTIONS = ["scale", "weights", "terminate", "kubectl"] as const;

const moments = ["seconds", "weights", "operations"] as const;

const after = exactlyOne(
  section({
    seconds: z.number().min(0).max(86_400).optional(),
    weights: z.int().min(1).optional(),
    operations: z.int().min(1).optional(),
  }),
  moments,
);

/** One thing that happens while an update runs. */
export const interruptionSchema = exactlyOne(section({ after, ...interventionShape, faults: faults.optional() }), [
  ...INTERVENTIONS,
  "faults",
]);

export type Interruption = z.output<typeof interruptionSchema>;
export type Intervention = Pick<Interruption, "scale" | "weights" | "terminate" | "kubectl">;
export type Moment = Interruption["after"];
