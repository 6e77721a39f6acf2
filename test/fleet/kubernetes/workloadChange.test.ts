import type * as pulumi from "@pulumi/pulumi";
import { workloadChange, workloadCreated } from "../../../src/fleet/kubernetes/workloadChange.js";

const deployment = (version: string, more: { replicas?: number; target?: string } = {}): any => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { namespace: "shop", annotations: { "hitless.dev/target": more.target ?? "arn:blue" } },
  spec: {
    ...(more.replicas !== undefined ? { replicas: more.replicas } : {}),
    template: { spec: { containers: [{ name: "app", image: `shop:${version}` }] } },
  },
});

const hook = (before: any, after: any, outputs: any = {}): pulumi.ResourceHookArgs =>
  ({
    id: "shop/web-12345678",
    oldInputs: before,
    newInputs: after,
    oldOutputs: { ...before, __fieldManager: "pulumi-kubernetes-1", __initialApiVersion: "apps/v1", ...outputs },
  }) as unknown as pulumi.ResourceHookArgs;

test("another release", async () => {
  const change = await workloadChange(
    hook(deployment("v1", { replicas: 3 }), { ...deployment("v2", { replicas: 3 }), __fieldManager: "x" }),
  );
  expect(change).toMatchObject({
    name: "shop/web-12345678",
    guardedId: "arn:blue",
    target: { before: "arn:blue", after: "arn:blue" },
    servers: { now: 3, next: 3, emptied: false },
    replaces: true,
    rollout: { namespace: "shop", name: "web-12345678", fieldManager: "pulumi-kubernetes-1", target: "arn:blue" },
  });
  expect(Object.keys(change.rollout.after)).toEqual(["apiVersion", "kind", "metadata", "spec"]);
  expect(change.rollout.before.spec.template.spec?.containers?.[0]).toEqual({ name: "app", image: "shop:v1" });
});

test("sizes and labels replace nothing; what the cluster has counts", async () => {
  const change = await workloadChange(
    hook(deployment("v1", { replicas: 3 }), deployment("v1", { replicas: 5 }), { spec: { replicas: 4 } }),
  );
  expect(change).toMatchObject({ replaces: false, servers: { now: 4, next: 5, emptied: false } });
});

test("an environment that goes cold, and one that moves to another target", async () => {
  const cold = await workloadChange(hook(deployment("v1", { replicas: 3 }), deployment("v1", { replicas: 0 })));
  expect(cold.servers).toMatchObject({ next: 0, emptied: true });
  const asleep = await workloadChange(hook(deployment("v1", { replicas: 0 }), deployment("v1", { replicas: 0 })));
  expect(asleep.servers.emptied).toBe(false);
  const moved = await workloadChange(hook(deployment("v1"), deployment("v1", { target: "arn:green" })));
  expect(moved.target).toEqual({ before: "arn:blue", after: "arn:green" });
});

test("a fleet that has just been made", async () => {
  const created = await workloadCreated({
    newOutputs: deployment("v1", { replicas: 3 }),
  } as unknown as pulumi.ResourceHookArgs);
  expect(created).toEqual({ guardedId: "arn:blue", target: "arn:blue", servers: 3 });
});
