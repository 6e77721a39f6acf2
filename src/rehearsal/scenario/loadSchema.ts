import { z } from "zod";
import { seconds, section } from "./section.js";

const request = section({
  name: z.string().min(1).optional(),
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
  users: z.int().min(0).max(100_000).default(0),
});

/** The load that runs beside the steps. */
export const load = section({
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

const fraction = z.number().min(0).max(1);

/** One version's share: a fraction within the step's tolerance, or a fraction within what chance allows. */
const share = z.preprocess(
  (value) => (typeof value === "number" ? { share: value } : value),
  section({ share: fraction, confidence: z.number().min(0.5).lt(1).optional() }),
);

/** Shares by version. */
export const sharesByVersion = z.record(z.string(), share);

export type ExpectedShare = z.output<typeof share>;
export type ExpectedShares = z.output<typeof sharesByVersion>;
