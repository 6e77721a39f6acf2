import { once } from "node:events";
import * as http from "node:http";
import {
  type Answer,
  ask,
  Bench,
  balancer,
  forwardTo,
  freePort,
  group,
  HEALTH,
  type HttpTarget,
  readAnswer,
  rule,
  targetConfig,
} from "./bench.js";

let bench: Bench;
let port: number;
beforeEach(async () => {
  bench = new Bench();
  port = await freePort();
});
afterEach(() => bench.close());

/** A target that holds requests to /slow until they are released, and says who it is. */
async function holdingTarget(name: string) {
  const held: http.ServerResponse[] = [];
  let arrived: () => void = () => undefined;
  const target = await bench.target((request, response) => {
    if (request.url !== "/slow") return response.end(name);
    held.push(response);
    arrived();
  });
  const untilHeld = async (count: number): Promise<void> => {
    while (held.length < count) {
      await new Promise<void>((resolve) => {
        arrived = resolve;
      });
    }
  };
  return { target, held, untilHeld, id: `i-${name}` };
}

const apply = (...targets: { id: string; target: HttpTarget; draining?: boolean }[]) =>
  bench.plane.apply(
    balancer(port, [
      group(
        "web",
        targets.map(({ id, target, draining }) => targetConfig(id, target.port, { draining })),
      ),
    ]),
  );

test("a draining target finishes what it has, gets nothing new, and its idle connections close", async () => {
  const old = await holdingTarget("old");
  const young = await holdingTarget("young");
  await apply(old);
  await bench.untilHealth("i-old", "healthy");
  const slow = ask(port, { path: "/slow" });
  await old.untilHeld(1);
  await ask(port); // leaves an idle connection beside the busy one
  expect(old.target.sockets.size).toBe(2);
  const idle = [...old.target.sockets].find((socket) => socket !== old.held[0]?.socket);
  await apply({ ...old, draining: true }, young);
  await bench.untilHealth("i-young", "healthy");
  if (!idle?.destroyed) await once(idle as never, "close");
  const checks = old.target.checks.length;
  for (let n = 0; n < 6; n++) expect((await ask(port)).body.toString()).toBe("young");
  expect(old.target.checks.length).toBe(checks);
  const held = old.held[0] as http.ServerResponse;
  held.end("finished");
  expect(await slow).toMatchObject({ status: 200, body: Buffer.from("finished") });
  if (held.socket && !held.socket.destroyed) await once(held.socket, "close"); // no longer pooled
});

test("draining under load loses nothing; with draining skipped it loses what is in flight", async () => {
  const run = async (skipDraining: boolean): Promise<number> => {
    const old = await holdingTarget("old");
    const young = await holdingTarget("young");
    await bench.plane.setFaults({ skipDraining });
    await apply(old, young);
    await bench.untilHealth("i-old", "healthy");
    await bench.untilHealth("i-young", "healthy");
    const answers: Promise<Answer | Error>[] = [];
    for (let n = 0; n < 40; n++) answers.push(ask(port, { path: "/slow" }).catch((error) => error));
    await old.untilHeld(20);
    await young.untilHeld(20);
    await apply({ ...old, draining: true }, young);
    for (let n = 0; n < 10; n++) answers.push(ask(port).catch((error) => error));
    await Promise.all(answers.slice(40));
    for (const response of [...old.held, ...young.held]) response.end("done");
    const settled = await Promise.all(answers);
    await apply(young);
    await bench.plane.apply(balancer(port, [group("web", [])]));
    return settled.filter((answer) => answer instanceof Error || answer.status !== 200).length;
  };
  expect(await run(false)).toBe(0);
  bench.health.length = 0;
  expect(await run(true)).toBe(20);
});

test("when a group leaves the last rule, what is in flight there is completed; with draining skipped it is cut [A-20]", async () => {
  const run = async (skipDraining: boolean): Promise<Answer> => {
    const [old, young] = [await holdingTarget("old"), await holdingTarget("young")];
    const groups = [
      group("old", [targetConfig("i-old", old.target.port)]),
      group("young", [targetConfig("i-young", young.target.port)]),
    ];
    const lead = (...shares: [string, number][]) =>
      bench.plane.apply(
        balancer(
          port,
          groups.filter(({ name }) => shares.some(([share]) => share === name)),
          {
            rules: [rule(Infinity, [], forwardTo(...shares))],
          },
        ),
      );
    await bench.plane.setFaults({ skipDraining });
    await lead(["old", 1], ["young", 0]);
    await bench.untilHealth("i-old", "healthy");
    await bench.untilHealth("i-young", "healthy");
    const slow = ask(port, { path: "/slow" });
    await old.untilHeld(1);
    await lead(["young", 1]);
    for (let n = 0; n < 4; n++) expect((await ask(port)).body.toString()).toBe("young");
    old.held[0]?.end("finished");
    return slow;
  };
  expect(await run(false)).toMatchObject({ status: 200, body: Buffer.from("finished") });
  bench.health.length = 0;
  expect(await run(true)).toMatchObject({ status: 502 });
});

test("what outlives the drain is 502, or a broken connection where the response began [A-49]", async () => {
  const old = await holdingTarget("old");
  await apply(old);
  await bench.untilHealth("i-old", "healthy");
  const silent = ask(port, { path: "/slow" });
  await old.untilHeld(1);
  const request = http.get({ host: "127.0.0.1", port, path: "/slow", agent: false });
  request.on("error", () => undefined);
  await old.untilHeld(2);
  old.held[1]?.writeHead(200, { "Content-Length": 10 });
  old.held[1]?.write("half");
  const [begun] = (await once(request, "response")) as [http.IncomingMessage];
  const broken = readAnswer(begun).then(
    () => "complete",
    () => "broken",
  );
  await apply({ ...old, draining: true });
  await apply();
  expect(await silent).toMatchObject({ status: 502, headers: { server: "awselb/2.0" } });
  expect(await broken).toBe("broken");
});

test("behind a Gateway a target that is not listed any more finishes what it has; with draining skipped it is cut", async () => {
  const run = async (skipDraining: boolean): Promise<Answer> => {
    const [old, young] = [await holdingTarget("old"), await holdingTarget("young")];
    const list = (...targets: (typeof old)[]) =>
      bench.plane.apply(
        balancer(port, [
          group(
            "web",
            targets.map(({ id, target }) => targetConfig(id, target.port)),
            { whenUnlisted: "finish", healthCheck: { ...HEALTH, enabled: false } },
          ),
        ]),
      );
    await bench.plane.setFaults({ skipDraining });
    await list(old);
    const slow = ask(port, { path: "/slow" });
    await old.untilHeld(1);
    await list(young);
    for (let n = 0; n < 4; n++) expect((await ask(port)).body.toString()).toBe("young");
    const held = old.held[0] as http.ServerResponse;
    held.end("finished");
    const answer = await slow;
    if (held.socket && !held.socket.destroyed) await once(held.socket, "close"); // no longer pooled
    await list();
    return answer;
  };
  expect(await run(false)).toMatchObject({ status: 200, body: Buffer.from("finished") });
  expect(await run(true)).toMatchObject({ status: 502 });
});

test("a target that comes back while its last request is under way gets new ones over new connections", async () => {
  const one = await holdingTarget("one");
  const unchecked = { whenUnlisted: "finish", healthCheck: { ...HEALTH, enabled: false } } as const;
  const list = (...targets: ReturnType<typeof targetConfig>[]) =>
    bench.plane.apply(balancer(port, [group("web", targets, unchecked)]));
  await list(targetConfig("i-one", one.target.port));
  const slow = ask(port, { path: "/slow" });
  await one.untilHeld(1);
  await list();
  expect((await ask(port)).status).toBe(503);
  await list(targetConfig("i-one", one.target.port));
  expect((await ask(port)).body.toString()).toBe("one");
  one.held[0]?.end("finished");
  expect((await slow).body.toString()).toBe("finished");
});

test("only draining targets left is 503", async () => {
  const old = await holdingTarget("old");
  await apply(old);
  await bench.untilHealth("i-old", "healthy");
  await apply({ ...old, draining: true });
  expect((await ask(port)).status).toBe(503);
});

test("a target registered again while it drains starts from initial and serves", async () => {
  const old = await holdingTarget("old");
  await apply(old);
  await bench.untilHealth("i-old", "healthy");
  await apply({ ...old, draining: true });
  bench.health.length = 0;
  await apply(old);
  await bench.untilHealth("i-old", "healthy");
  expect(bench.health[0]).toMatchObject({ state: "initial" });
  expect((await ask(port)).body.toString()).toBe("old");
});

test("target stickiness: cookies bind to a target until it drains or is unhealthy [A-56]", async () => {
  const one = await holdingTarget("one");
  const two = await holdingTarget("two");
  const attributes = { "stickiness.enabled": "true", "stickiness.type": "lb_cookie" };
  const targets = (oneDrains: boolean) => [
    targetConfig("i-one", one.target.port, { draining: oneDrains }),
    targetConfig("i-two", two.target.port),
  ];
  await bench.plane.apply(balancer(port, [group("web", targets(false), { attributes })]));
  await bench.untilHealth("i-one", "healthy");
  await bench.untilHealth("i-two", "healthy");
  let first = await ask(port);
  while (first.body.toString() !== "one") first = await ask(port);
  const cookies = first.headers["set-cookie"] ?? [];
  expect(cookies.map((line) => line.split("=")[0])).toEqual(["AWSALB", "AWSALBCORS"]);
  const headers = { Cookie: cookies.map((line) => line.split(";")[0]).join("; ") };
  for (let n = 0; n < 4; n++) expect((await ask(port, { headers })).body.toString()).toBe("one");
  await bench.plane.apply(balancer(port, [group("web", targets(true), { attributes })]));
  const moved = await ask(port, { headers });
  expect(moved.body.toString()).toBe("two");
  expect(moved.headers["set-cookie"]?.[0]?.split(".")[1]).not.toBe(cookies[0]?.split(".")[1]);
});

test("application stickiness begins when the target sets its cookie, and needs both cookies [A-56]", async () => {
  const configs = [];
  for (const name of ["one", "two"]) {
    const target = await bench.target((request, response) => {
      if (request.url === "/login") response.setHeader("Set-Cookie", "SESSION=abc; Path=/");
      response.end(name);
    });
    configs.push(targetConfig(`i-${name}`, target.port));
  }
  const attributes = {
    "stickiness.enabled": "true",
    "stickiness.type": "app_cookie",
    "stickiness.app_cookie.cookie_name": "SESSION",
  };
  await bench.plane.apply(balancer(port, [group("web", configs, { attributes })]));
  await bench.untilHealth("i-one", "healthy");
  await bench.untilHealth("i-two", "healthy");
  expect((await ask(port)).headers["set-cookie"]).toBeUndefined();
  const login = await ask(port, { path: "/login" });
  const [app, bound] = (login.headers["set-cookie"] ?? []).map((line) => line.split(";")[0]) as [string, string];
  expect(bound).toMatch(/^AWSALBAPP-0=/);
  const names = async (cookie: string) =>
    new Set(
      await Promise.all(
        Array.from({ length: 6 }, async () => (await ask(port, { headers: { Cookie: cookie } })).body.toString()),
      ),
    );
  expect(await names(`${app}; ${bound}`)).toEqual(new Set([login.body.toString()]));
  expect((await names(bound)).size).toBe(2);
});

test("in an action with several groups the application's cookie binds nobody [A-14]", async () => {
  const sets = (_request: unknown, response: http.ServerResponse) => {
    response.setHeader("Set-Cookie", "session=1; Path=/").end();
  };
  const [one, two] = [await bench.target(sets), await bench.target(sets)];
  const attributes = {
    "stickiness.enabled": "true",
    "stickiness.type": "app_cookie",
    "stickiness.app_cookie.cookie_name": "session",
  };
  const unchecked = { attributes, healthCheck: { ...HEALTH, enabled: false } };
  const groups = [
    group("one", [targetConfig("i-1", one.port)], unchecked),
    group("two", [targetConfig("i-2", two.port)], unchecked),
  ];
  const cookies = async () => (await ask(port)).headers["set-cookie"]?.map((line) => line.split("=")[0]);
  const apply = (...shares: [string, number][]) =>
    bench.plane.apply(balancer(port, groups, { rules: [rule(Infinity, [], forwardTo(...shares))] }));
  await apply(["one", 1]);
  expect(await cookies()).toEqual(["session", "AWSALBAPP-0"]);
  await apply(["one", 1], ["two", 1]);
  expect(await cookies()).toEqual(["session"]);
});
