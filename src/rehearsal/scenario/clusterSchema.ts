import { z } from "zod";
import { section } from "./section.js";

/** Where they are here, by their path in the image. */
const files = z
  .record(z.string(), z.string().min(1))
  .refine((given) => Object.keys(given).every((key) => /^\/\S*$/.test(key)), {
    error: "expected an absolute path in the image for each",
  });

/** An image that is written on this machine; nothing is fetched for it. */
const image = section({
  name: z.string().regex(/^[^\s:]+(:\d+\/[^\s:]+)?:[\w][\w.-]*$/, "expected a name with a tag, such as shop:v1"),
  programs: z.array(z.string().min(1)).default([]),
  files: files.default({}),
  command: z.array(z.string()).min(1),
});

/** A Gateway that stands before the program is run, as one of the platform's does. */
const gateway = section({
  name: z.string().regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, "expected a name such as public"),
  namespace: z.string().regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, "expected a name such as infra"),
  port: z.int().min(1).max(65_535).default(8080),
  urlConfig: z.string().min(1).optional(),
});

/** A real Kubernetes cluster beside the cloud. */
export const cluster = section({
  nodes: z.int().min(1).max(4).default(2),
  images: z.array(image).default([]),
  gateways: z.array(gateway).default([]),
});

export type ScenarioCluster = z.output<typeof cluster>;
