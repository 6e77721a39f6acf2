import { z } from "zod";
import type { CloudFaults } from "./snapshot.js";

const share = z.number().min(0).max(1).optional();
const awsSeconds = z.number().min(0).max(3600).optional();

/** Every fault of the cloud with the values that it takes: for the admin API and for scenarios. */
export const faultsShape = {
  skipDraining: z.boolean().optional(),
  ignoreHealth: z.boolean().optional(),
  propagationSeconds: awsSeconds,
  throttleShare: share,
  apiErrorShare: share,
  apiLatencySeconds: z.number().min(0).max(60).optional(),
  consistencyDelaySeconds: awsSeconds,
  bootDelaySeconds: awsSeconds,
  bootFailureShare: share,
  lostZones: z
    .array(
      z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, "expected the name of an Availability Zone, such as us-east-1a"),
    )
    .optional(),
} satisfies Record<keyof CloudFaults, z.ZodType>;
