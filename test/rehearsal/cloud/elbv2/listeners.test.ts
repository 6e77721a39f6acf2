import { X509Certificate } from "node:crypto";
import { Authority } from "../../../../src/rehearsal/cloud/tls/authority.js";
import { code, page, to, world } from "./fakes.js";

type World = ReturnType<typeof world>;
let w: World;
beforeEach(() => {
  w = world();
});
afterEach(() => w.elb.close());

describe("listeners", () => {
  test("a forward action reads back with both its forms", async () => {
    const group = await w.targetGroup();
    const LoadBalancerArn = await w.loadBalancer();
    await w.listener(LoadBalancerArn, [to(group)]);
    const { Listeners } = await w.call("DescribeListeners", { LoadBalancerArn });
    expect(Listeners[0].DefaultActions).toEqual([
      {
        Type: "forward",
        TargetGroupArn: group,
        ForwardConfig: {
          TargetGroups: [{ TargetGroupArn: group, Weight: 1 }],
          TargetGroupStickinessConfig: { Enabled: false },
        },
      },
    ]);
  });

  test("the same again is the same one; other actions on the port are refused [A-21]", async () => {
    const lb = await w.loadBalancer();
    const first = await w.listener(lb, [page]);
    expect(await w.listener(lb, [page])).toBe(first);
    expect(await code(w.listener(lb, [to(await w.targetGroup())]))).toBe("DuplicateListener");
  });

  describe("with HTTPS", () => {
    const certificate = { CertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1" };
    const secure = { Protocol: "HTTPS", Port: 443, DefaultActions: [page] };

    test("the certificate is kept by its ARN, and an update can replace it", async () => {
      const LoadBalancerArn = await w.loadBalancer();
      const { Listeners } = await w.call("CreateListener", { LoadBalancerArn, ...secure, Certificates: [certificate] });
      expect(Listeners).toMatchObject([
        { Protocol: "HTTPS", Certificates: [certificate], SslPolicy: "ELBSecurityPolicy-2016-08" },
      ]);
      const other = { CertificateArn: `${certificate.CertificateArn}2` };
      const { ListenerArn } = Listeners[0];
      await w.call("ModifyListener", { ListenerArn, Certificates: [other] });
      expect((await w.call("DescribeListenerCertificates", { ListenerArn })).Certificates).toEqual([
        { ...other, IsDefault: true },
      ]);
      expect(w.dataPlane.last.listeners).toMatchObject([{ protocol: "HTTPS", port: 443 }]);
      expect(w.elb.listenerSnapshots()).toMatchObject([{ url: "https://127.77.0.1" }]);
      await w.call("ModifyListener", { ListenerArn, Protocol: "HTTP" });
      expect(w.dataPlane.last.listeners).toMatchObject([{ protocol: "HTTP", port: 443 }]);
      expect(
        (await w.call("DescribeListeners", { ListenerArns: [ListenerArn] })).Listeners[0].Certificates,
      ).toBeUndefined();
    });

    test("a certificate that was given for the ARN is served, others are left to the data plane", async () => {
      const given = { cert: "PEM", key: "PEM" };
      const { call, dataPlane, loadBalancer } = world({ certificates: { [certificate.CertificateArn]: given } });
      const LoadBalancerArn = await loadBalancer();
      const { Listeners } = await call("CreateListener", { LoadBalancerArn, ...secure, Certificates: [certificate] });
      expect(dataPlane.last.listeners).toMatchObject([{ certificate: given }]);
      const Certificates = [{ CertificateArn: `${certificate.CertificateArn}2` }];
      await call("ModifyListener", { ListenerArn: Listeners[0].ListenerArn, Certificates });
      expect(dataPlane.last.listeners[0]).not.toHaveProperty("certificate");
    });

    test("others get one that the cloud's authority signs for the load balancer's address, the same for all its listeners", async () => {
      const authority = new Authority();
      const { call, dataPlane, loadBalancer } = world({ authority });
      const LoadBalancerArn = await loadBalancer();
      await call("CreateListener", { LoadBalancerArn, ...secure, Certificates: [certificate] });
      await call("CreateListener", { LoadBalancerArn, ...secure, Port: 8443, Certificates: [certificate] });
      const [first, second] = dataPlane.last.listeners;
      expect(second?.certificate).toEqual(first?.certificate);
      const served = new X509Certificate(first?.certificate?.cert ?? "");
      expect(served.checkIP("127.77.0.1")).toBe("127.77.0.1");
      expect(served.verify(new X509Certificate(authority.cert).publicKey)).toBe(true);
      expect(served.ca).toBe(false);
    });

    test.each([
      ["no certificate", {}, "CertificateNotFound"],
      ["two certificates", { Certificates: [certificate, certificate] }, "ValidationError"],
      ["a certificate that is no ARN", { Certificates: [{ CertificateArn: "mine" }] }, "CertificateNotFound"],
      [
        "mutual authentication",
        { Certificates: [certificate], MutualAuthentication: { Mode: "verify" } },
        "InvalidConfigurationRequest",
      ],
      ["a certificate on HTTP", { Protocol: "HTTP", Certificates: [certificate] }, "InvalidConfigurationRequest"],
    ])("%s is refused", async (_title, more, expected) => {
      const LoadBalancerArn = await w.loadBalancer();
      expect(await code(w.call("CreateListener", { LoadBalancerArn, ...secure, ...more }))).toBe(expected);
    });
  });

  test("a port that cannot be had undoes the creation, and the sentence is answered", async () => {
    const lb = await w.loadBalancer();
    const group = await w.targetGroup();
    w.dataPlane.onApply = (config) => {
      if (config.listeners.some((listener) => listener.port === 81))
        throw new Error("127.77.0.1:81 is in use by another process.");
    };
    const first = await w.listener(lb, [page]);
    await expect(w.listener(lb, [to(group)], 81)).rejects.toThrow("127.77.0.1:81 is in use by another process.");
    const { Listeners } = await w.call("DescribeListeners", { LoadBalancerArn: lb });
    expect(Listeners).toMatchObject([{ ListenerArn: first, Port: 80 }]);
    await w.call("DeleteTargetGroup", { TargetGroupArn: group });
    const moved = w.call("ModifyListener", {
      ListenerArn: first,
      Port: 81,
      DefaultActions: [{ ...page, FixedResponseConfig: { StatusCode: "200" } }],
    });
    await expect(moved).rejects.toThrow("in use");
    const [kept] = (await w.call("DescribeListeners", { ListenerArns: [first] })).Listeners;
    expect(kept).toMatchObject({ Port: 80, DefaultActions: [{ FixedResponseConfig: { StatusCode: "404" } }] });
  });

  test("a call answers only when the data plane has its change, and changes meanwhile go together", async () => {
    const lb = await w.loadBalancer();
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    w.dataPlane.onApply = () => gate;
    const before = w.dataPlane.applied.length;
    let answered = 0;
    const calls = [81, 82, 83, 84].map((port) => w.listener(lb, [page], port).then(() => answered++));
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(0);
    open();
    await Promise.all(calls);
    expect(w.dataPlane.last.listeners).toHaveLength(4);
    expect(w.dataPlane.applied.length - before).toBeLessThanOrEqual(2);
  });
});

test("the snapshot shows listeners with their weights", async () => {
  const [blue, green] = [await w.targetGroup("blue"), await w.targetGroup("green")];
  const listener = await w.listener(await w.loadBalancer(), [to(blue, green)], 8080);
  expect(w.elb.listenerSnapshots()).toMatchObject([
    {
      arn: listener,
      url: "http://127.77.0.1:8080",
      rules: [
        {
          priority: "default",
          weights: [
            { targetGroupArn: blue, weight: 10 },
            { targetGroupArn: green, weight: 10 },
          ],
        },
      ],
    },
  ]);
});
