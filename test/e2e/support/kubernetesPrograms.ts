import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import type { LocalImage } from "../../../src/rehearsal/cluster/images/image.js";
import { root } from "./rehearse.js";

const example = (name: string): string => path.join(root, "examples", `kubernetes-${name}`);

/** The examples on pods. */
export const rollingExample = example("rolling-fleet");
export const pairExample = example("blue-green-pair");
export const canaryExample = example("canary-release");

/** The rolling example in plain JavaScript, and with its promises to be broken. */
export const rollingPods = path.join(root, "test/e2e/programs/rollingPods");

/** The image that the programs name, which a rehearsal on its own cluster would write. */
export const appImage: LocalImage = {
  name: "registry.example.com/web:1",
  programs: [process.execPath],
  files: { "/app": path.join(rollingExample, "app") },
  entrypoint: [process.execPath, "/app/server.js"],
};

/** A server that nobody here wrote. Its configuration of each version is in it: the rolling program names the one that it runs. */
export function nginxImage(program: string): LocalImage {
  return {
    name: "registry.example.com/nginx:1",
    programs: [program],
    files: { "/etc/site": path.join(rollingPods, "nginx") },
    entrypoint: [program, "-e", "/dev/stderr"],
  };
}

/** What a program's own rehearsal says. */
export function ownScenario(program: string): {
  readonly config: object;
  readonly load: object;
  readonly steps: object[];
} {
  return parse(readFileSync(path.join(program, "rehearsal.yaml"), "utf8"));
}

/** Every rule at its default options, mandatory: a false alarm would be a bug. Prices of pods need to know their nodes. */
export const strictPolicies: readonly string[] = [
  ...["--policy-pack", path.join(root, "policy")],
  ...["--policy-pack-config", path.join(root, "test/e2e/programs/strictPolicies.json")],
];

/** A load that two cores bear beside a cluster: short requests, ones that take seconds, and uploads, on kept connections. */
export const podLoad = {
  rate: 120,
  requests: [
    { path: "/", share: 92 },
    { path: "/slow?seconds=2", share: 4, timeoutSeconds: 30 },
    { method: "POST", path: "/upload", bodyBytes: 100_000, share: 4 },
  ],
};

/** Times that are short enough for a test: pods take their real time. */
export const podTimes = { drainSeconds: 6, startupSeconds: 20, warmupSeconds: 2 };
