// The app of every side: its image, its pods, and the load on it.
import path from "node:path";

export const IMAGE = "registry.example.com/web:1";

/** What all sides ask of a pod. Times are short, as pods take their real time. */
export const shop = {
  image: IMAGE,
  pods: 4,
  requests: { cpu: "50m", memory: "192Mi" },
  healthCheck: { path: "/health", intervalSeconds: 5, timeoutSeconds: 4 },
  drainSeconds: 6,
  shutdownSeconds: 15,
  startupSeconds: 20,
  warmupSeconds: 2,
};

/** What Hitless makes of `drainSeconds`: a pod that leaves goes on serving for so long and 15 seconds more. */
const PRE_STOP_SECONDS = shop.drainSeconds + 15;

export const load = {
  rate: 200,
  versionHeader: "x-version",
  maxConnections: 512,
  idleConnectionMs: 20_000,
  requests: [
    { path: "/", method: "GET", share: 96, timeoutSeconds: 10, headers: {}, bodyBytes: 0, bodySeconds: 0 },
    { path: "/slow?seconds=2", method: "GET", share: 4, timeoutSeconds: 30, headers: {}, bodyBytes: 0, bodySeconds: 0 },
  ],
};

export const appImage = (root) => ({
  name: IMAGE,
  programs: [process.execPath],
  files: { "/app": path.join(root, "examples/kubernetes-rolling-fleet/app") },
  entrypoint: [process.execPath, "/app/server.js"],
});

/**
 * A pod template as somebody writes it by hand.
 *
 * @param careful the pods that Hitless makes: a startup probe, a preStop wait as Argo's and AWS's guides ask for, time to end; else
 * only what everybody has, a readiness probe
 */
export function podTemplate(app, version, careful) {
  const { healthCheck, requests } = shop;
  const httpGet = { path: healthCheck.path, port: 8080 };
  const { intervalSeconds: periodSeconds, timeoutSeconds } = healthCheck;
  const startupProbe = { httpGet, periodSeconds: 2, timeoutSeconds, failureThreshold: shop.startupSeconds / 2 };
  const container = {
    name: "app",
    image: IMAGE,
    imagePullPolicy: "IfNotPresent",
    env: [{ name: "VERSION", value: version }],
    ports: [{ name: "http", containerPort: 8080 }],
    resources: { requests, limits: { memory: requests.memory } },
    readinessProbe: { httpGet, periodSeconds, timeoutSeconds, failureThreshold: 2 },
    ...(careful ? { startupProbe, lifecycle: { preStop: { sleep: { seconds: PRE_STOP_SECONDS } } } } : {}),
  };
  return {
    metadata: { labels: { app } },
    spec: {
      securityContext: { runAsUser: 1000 },
      containers: [container],
      ...(careful ? { terminationGracePeriodSeconds: PRE_STOP_SECONDS + shop.shutdownSeconds } : {}),
    },
  };
}

export const service = (namespace, name, app = namespace) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { namespace, name },
  spec: { clusterIP: "None", selector: { app }, ports: [{ name: "http", port: 80, targetPort: 8080 }] },
});

export const httpRoute = (namespace, backend) => ({
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "HTTPRoute",
  metadata: { namespace, name: "shop" },
  spec: {
    parentRefs: [{ name: namespace, namespace: "infra" }],
    rules: [{ backendRefs: [{ name: backend, port: 80 }] }],
  },
});
