import { Namespace } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { type CanaryArgs, CanaryRelease } from "hitless";
import { gateway, kubernetes } from "hitless/kubernetes";
import { release } from "./app";

const config = new pulumi.Config();
const image = config.get("image") ?? "registry.example.com/web:1";
/** How the app of a version behaves, for trying out what a release does about it: `{"v2": {"health": "never"}}`. */
const behaviour = config.getObject<Record<string, object>>("behaviour") ?? {};
const named = (version: string) => release(image, { version, ...behaviour[version] });

/** A version with a share of the users, and testers who send `x-beta: VERSION`. */
function canary(version: string, weight: number): CanaryArgs {
  return { ...named(version), weight, audience: { header: { name: "x-beta", values: [version] } } };
}

const namespace = new Namespace("shop", { metadata: { name: "shop" } });

const canaryVersion = config.get("canary");
const previousVersion = config.get("previous");
const others = config.getObject<Record<string, number>>("others") ?? {};

const shop = new CanaryRelease("shop", {
  stable: named(config.require("stable")),
  ...(canaryVersion ? { canary: canary(canaryVersion, config.getNumber("weight") ?? 0) } : {}),
  others: Object.entries(others).map(([version, weight]) => canary(version, weight)),
  ...(previousVersion ? { previous: named(previousVersion) } : {}),
  fleet: kubernetes({
    namespace: namespace.metadata.name,
    desiredCapacity: config.getNumber("servers") ?? 4,
    resources: { requests: { cpu: "50m", memory: "192Mi" } },
    runAsUser: 1000,
    shutdownSeconds: 15,
  }),
  // Your Gateway: it has to allow routes from this namespace.
  entrance: gateway({
    gateway: config.get("gateway") ?? "public",
    gatewayNamespace: config.get("gatewayNamespace") ?? "infra",
    url: config.get("url"),
  }),
  healthCheck: { path: "/health", intervalSeconds: 5, timeoutSeconds: 4 },
  steps: config.getObject<number[]>("steps") ?? [10, 50],
  bakeSeconds: config.getNumber("bakeSeconds") ?? 180,
  drainSeconds: config.getNumber("drainSeconds") ?? 30,
  startupSeconds: config.getNumber("startupSeconds") ?? 60,
});

export const url = shop.url;
export const status = shop.status;
