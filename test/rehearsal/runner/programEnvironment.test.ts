import { programEnvironment } from "../../../src/rehearsal/runner/programEnvironment.js";

const cloud = { url: "http://127.0.0.1:4566", region: "us-east-1", speed: 10 };
const of = (own: NodeJS.ProcessEnv): Record<string, string> => programEnvironment(own, {}, cloud, "/work", "secret");

test("the user's own credentials, login, flags and cluster do not reach the program; the rest does", () => {
  const own = {
    PATH: "/usr/bin",
    AWS_PROFILE: "production",
    AWS_SESSION_TOKEN: "real",
    PULUMI_ACCESS_TOKEN: "real",
    PULUMI_OPTION_TARGET: "urn:of:one",
    PULUMI_HOME: "/home/me/.pulumi",
    HITLESS_SPEED: "1",
    KUBECONFIG: "/home/me/.kube/config",
    KUBERNETES_SERVICE_HOST: "10.0.0.1",
  };
  const environment = of(own);
  const kept = Object.keys(own).filter((name) => environment[name] === own[name as keyof typeof own]);
  expect(kept).toEqual(["PATH", "PULUMI_HOME"]);
  expect(environment).toMatchObject({ AWS_ENDPOINT_URL: cloud.url, HITLESS_SPEED: "10" });
  expect(Object.values(environment).filter((value) => /real|production|home\/me\/.kube|urn:/.test(value))).toEqual([]);
});
