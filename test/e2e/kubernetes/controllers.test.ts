/** What the local cloud's controllers do in a real cluster: targets follow pods, pods wait for their targets, Gateways serve routes. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { pino } from "pino";
import { LocalCloud } from "../../../src/rehearsal/cloud/cloud.js";
import { describeWithCluster } from "../../support/cluster.js";
import { appImage } from "../support/kubernetesPrograms.js";

const MINUTE = 60_000;

/** Deployment and Service of the example app. */
function app(name: string, replicas: number, readiness = true): object[] {
  const labels = { app: name };
  const container = {
    name: "app",
    image: appImage.name,
    env: [{ name: "VERSION", value: name }],
    ...(readiness && { readinessProbe: { httpGet: { path: "/health", port: 8080 }, periodSeconds: 1 } }),
  };
  return [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name, namespace: "shop" },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [container], terminationGracePeriodSeconds: 2 } },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace: "shop" },
      spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: 8080 }] },
    },
  ];
}

describeWithCluster(
  "the controllers",
  (cluster) => {
    let cloud: LocalCloud;
    let elb: ElasticLoadBalancingV2Client;

    const kubectl = async (...words: string[]): Promise<string> => {
      const { stdout } = await promisify(execFile)(cluster().kubectl, ["--kubeconfig", cluster().kubeconfig, ...words]);
      return stdout;
    };
    const apply = async (objects: readonly object[]): Promise<void> => {
      const file = path.join(cluster().directory, "objects.json");
      writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
      await kubectl("apply", "--filename", file);
    };
    /** Asks again for half a minute; the last answer then fails the test. */
    const eventually = async (check: () => Promise<void>): Promise<void> => {
      const deadline = Date.now() + 30_000;
      for (;;) {
        try {
          return await check();
        } catch (error) {
          if (Date.now() > deadline) throw error;
          await sleep(100);
        }
      }
    };

    beforeAll(async () => {
      cloud = await LocalCloud.start({
        port: 0,
        speed: 10,
        log: pino({ level: "silent" }),
        kubeconfig: cluster().kubeconfig,
      });
      const credentials = { accessKeyId: "x", secretAccessKey: "x" };
      elb = new ElasticLoadBalancingV2Client({ endpoint: cloud.url, region: "us-east-1", credentials });
      const labels = { "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" };
      await apply([{ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop", labels } }]);
    }, MINUTE);

    afterAll(async () => {
      elb?.destroy();
      await cloud?.close();
    }, MINUTE);

    async function balancer(name: string): Promise<{ arn: string; url: string }> {
      const ec2 = new EC2Client({
        endpoint: cloud.url,
        region: "us-east-1",
        credentials: { accessKeyId: "x", secretAccessKey: "x" },
      });
      const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
      ec2.destroy();
      const created = await elb.send(
        new CreateLoadBalancerCommand({
          Name: name,
          Subnets: Subnets.slice(0, 2).map(({ SubnetId }) => SubnetId as string),
        }),
      );
      const loadBalancer = created.LoadBalancers?.[0];
      const group = await elb.send(
        new CreateTargetGroupCommand({
          Name: name,
          Protocol: "HTTP",
          Port: 80,
          VpcId: Subnets[0]?.VpcId,
          TargetType: "ip",
          HealthCheckPath: "/health",
          HealthCheckIntervalSeconds: 5,
          HealthCheckTimeoutSeconds: 2,
        }),
      );
      const arn = group.TargetGroups?.[0]?.TargetGroupArn as string;
      await elb.send(
        new ModifyTargetGroupAttributesCommand({
          TargetGroupArn: arn,
          Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: "5" }],
        }),
      );
      await elb.send(
        new CreateListenerCommand({
          LoadBalancerArn: loadBalancer?.LoadBalancerArn,
          Protocol: "HTTP",
          Port: 8080,
          DefaultActions: [{ Type: "forward", TargetGroupArn: arn }],
        }),
      );
      return { arn, url: `http://${loadBalancer?.DNSName}:8080` };
    }

    const binding = (name: string, arn: string): object => ({
      apiVersion: "elbv2.k8s.aws/v1beta1",
      kind: "TargetGroupBinding",
      metadata: { name, namespace: "shop" },
      spec: { serviceRef: { name, port: 80 }, targetGroupARN: arn, targetType: "ip" },
    });
    const states = async (arn: string): Promise<(string | undefined)[]> => {
      const { TargetHealthDescriptions = [] } = await elb.send(
        new DescribeTargetHealthCommand({ TargetGroupArn: arn }),
      );
      return TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth?.State);
    };

    test(
      "targets follow pods, and a pod is ready only when its target is healthy",
      async () => {
        const { arn, url } = await balancer("web");
        const [deployment, service] = app("web", 2);
        await apply([service as object, binding("web", arn)]);
        await eventually(async () =>
          expect(
            await kubectl(
              "get",
              "targetgroupbinding",
              "web",
              "-n",
              "shop",
              "-o",
              "jsonpath={.status.observedGeneration}",
            ),
          ).toBe("1"),
        );
        await apply([deployment as object]);
        await kubectl("rollout", "status", "-n", "shop", "deployment/web", "--timeout=50s");
        expect(await states(arn)).toEqual(["healthy", "healthy"]);
        const gate = "target-health.elbv2.k8s.aws/web";
        const pods = JSON.parse(await kubectl("get", "pods", "-n", "shop", "-l", "app=web", "-o", "json"));
        for (const { spec, status } of pods.items) {
          expect(spec.readinessGates).toEqual([{ conditionType: gate }]);
          expect(status.conditions).toContainEqual(expect.objectContaining({ type: gate, status: "True" }));
        }
        expect((await fetch(url)).headers.get("x-version")).toBe("web");

        await kubectl("scale", "-n", "shop", "deployment/web", "--replicas=1");
        await eventually(async () => expect(await states(arn)).toEqual(["healthy"]));
        await kubectl("delete", "targetgroupbinding", "web", "-n", "shop", "--timeout=30s");
        await eventually(async () => expect(await states(arn)).toEqual([]));
      },
      2 * MINUTE,
    );

    test(
      "a pod whose target never gets healthy is not ready, and says what the balancer says",
      async () => {
        const { arn } = await balancer("sick");
        const [deployment, service] = app("sick", 1, false);
        await apply([
          {
            ...(service as object),
            spec: { selector: { app: "sick" }, ports: [{ name: "http", port: 80, targetPort: 9 }] },
          },
          binding("sick", arn),
        ]);
        await eventually(async () =>
          expect(
            await kubectl("get", "targetgroupbinding", "sick", "-n", "shop", "-o", "jsonpath={.metadata.finalizers}"),
          ).toContain("elbv2.k8s.aws/resources"),
        );
        await apply([deployment as object]);
        await eventually(async () => {
          const conditions = JSON.parse(
            await kubectl(
              "get",
              "pods",
              "-n",
              "shop",
              "-l",
              "app=sick",
              "-o",
              "jsonpath={.items[0].status.conditions}",
            ),
          );
          expect(conditions).toContainEqual(
            expect.objectContaining({
              type: "target-health.elbv2.k8s.aws/sick",
              status: "False",
              reason: "Target.FailedHealthChecks",
            }),
          );
          expect(conditions).toContainEqual(
            expect.objectContaining({ type: "Ready", status: "False", reason: "ReadinessGatesNotReady" }),
          );
        });
        await kubectl("delete", "deployment", "sick", "-n", "shop");
      },
      2 * MINUTE,
    );

    test(
      "a Gateway serves routes by weights and headers, and tells what it cannot serve",
      async () => {
        const api = "gateway.networking.k8s.io/v1";
        const parentRefs = [{ name: "public" }];
        const route = (name: string, spec: object): object => ({
          apiVersion: api,
          kind: "HTTPRoute",
          metadata: { name, namespace: "shop" },
          spec: { parentRefs, ...spec },
        });
        await apply([
          ...app("old", 1),
          ...app("new", 1),
          {
            apiVersion: api,
            kind: "Gateway",
            metadata: { name: "public", namespace: "shop" },
            spec: { gatewayClassName: "any", listeners: [{ name: "http", port: 8080, protocol: "HTTP" }] },
          },
          route("all", {
            rules: [
              {
                backendRefs: [
                  { name: "old", port: 80, weight: 75 },
                  { name: "new", port: 80, weight: 25 },
                ],
              },
            ],
          }),
          route("beta", {
            rules: [
              { matches: [{ headers: [{ name: "x-beta", value: "yes" }] }], backendRefs: [{ name: "new", port: 80 }] },
            ],
          }),
          route("lost", {
            rules: [{ matches: [{ path: { value: "/lost" } }], backendRefs: [{ name: "nobody", port: 80 }] }],
          }),
        ]);
        for (const name of ["old", "new"])
          await kubectl("rollout", "status", "-n", "shop", `deployment/${name}`, "--timeout=50s");
        await kubectl("wait", "--for=condition=Programmed", "-n", "shop", "gateway/public", "--timeout=20s");
        const address = await kubectl(
          "get",
          "gateway",
          "public",
          "-n",
          "shop",
          "-o",
          "jsonpath={.status.addresses[0].value}",
        );
        const versionAt = async (way: string, headers: Record<string, string> = {}): Promise<string> => {
          const answer = await fetch(`http://${address}:8080${way}`, { headers });
          await answer.text();
          return answer.headers.get("x-version") ?? String(answer.status);
        };
        await eventually(async () => expect(["old", "new"]).toContain(await versionAt("/")));
        const seen: Record<string, number> = {};
        for (let request = 0; request < 200; request++) {
          const version = await versionAt("/");
          seen[version] = (seen[version] ?? 0) + 1;
        }
        expect(Object.keys(seen).sort()).toEqual(["new", "old"]);
        expect(seen.old).toBeGreaterThan(120);
        expect(await versionAt("/", { "x-beta": "yes" })).toBe("new");
        expect(await versionAt("/lost")).toBe("500");
        const reason = "jsonpath={.status.parents[0].conditions[?(@.type=='ResolvedRefs')].reason}";
        expect(await kubectl("get", "httproute", "lost", "-n", "shop", "-o", reason)).toBe("BackendNotFound");
        // As Argo switches its active Service: the address leaves the slice at once, and its pod still answers.
        const underWay = versionAt("/slow?seconds=4", { "x-beta": "yes" });
        await sleep(500);
        await kubectl("patch", "service", "new", "-n", "shop", "-p", '{"spec":{"selector":{"app":"old"}}}');
        await eventually(async () => expect(await versionAt("/", { "x-beta": "yes" })).toBe("old"));
        expect(await underWay).toBe("new");
        await kubectl("delete", "gateway", "public", "-n", "shop");
        await eventually(async () => expect(fetch(`http://${address}:8080/`)).rejects.toThrow());
      },
      2 * MINUTE,
    );
  },
  { nodes: 1, images: [appImage] },
);
