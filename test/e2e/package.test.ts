import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import * as path from "node:path";
import { programEnvironment } from "../../src/rehearsal/runner/programEnvironment.js";
import { InstalledProgram, must, type Ran, run } from "./support/installedProgram.js";

const MINUTES = 60_000;
const program = new InstalledProgram();

const fleet = (name: string, more: string) => `new RollingFleet("${name}", {
  release: { version: "v1", imageId: "ami-0123456789abcdef0", instanceType: "t3.micro", userData: "#!/bin/bash\\n" },
  fleet: { vpcId: "vpc-0123456789abcdef0", subnetIds: ["subnet-0123456789abcdef0"], securityGroupIds: ["sg-0123456789abcdef0"], desiredCapacity: 6 },
  entrance: {
    loadBalancerArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/0123456789abcdef",
    listenerPort: 80,
  },
  healthCheck: { path: "/health", intervalSeconds: 10, timeoutSeconds: 5 },
  ${more}
})`;

const project = "name: shop\nruntime: nodejs\n";
const files = {
  "Pulumi.yaml": project,
  "tsconfig.json": JSON.stringify({
    compilerOptions: {
      ...{ target: "es2022", module: "node16", strict: true, skipLibCheck: true, noEmit: true, types: ["node"] },
    },
    files: ["index.ts", "types.ts", "unit.ts"],
  }),
  "index.ts": `import { RollingFleet } from "hitless";
const web = ${fleet("web", "batchSize: 2,")};
export const status = web.status;
`,
  // Types that resolve to \`any\` would let everything pass.
  "types.ts": `import { HitlessError, type RollingFleetArgs } from "hitless";
// @ts-expect-error a share is no number of servers
export const size: RollingFleetArgs["batchSize"] = "2";
// @ts-expect-error a misspelt argument
export const misspelt: Partial<RollingFleetArgs> = { bachSize: 2 };
export const codes = (error: HitlessError): readonly string[] => error.codes;
`,
  "unit.ts": `import * as assert from "node:assert/strict";
import { RollingFleet } from "hitless";
import { setHitlessMocks } from "hitless/testing";
async function main(): Promise<void> {
  const mocks = await setHitlessMocks();
  ${fleet("web", "batchSize: 2,")};
  await mocks.complete();
  assert.equal(mocks.find("aws:autoscaling/group:Group").inputs.desiredCapacity, 6);
  console.log(mocks.resources.map(({ type }) => type).sort().join(" "));
}
void main();
`,
  // A program in plain JavaScript, which nothing but Hitless itself can refuse.
  "wrong/Pulumi.yaml": project,
  "wrong/index.js": `const { RollingFleet } = require("hitless");
${fleet("web", "batchSize: 0, drainSeconds: 9999,")};
`,
};

/** Tried with the versions that this release was made with. */
const others = ["@pulumi/pulumi@3.248.0", "@pulumi/aws@7.48.0", "typescript@6.0.3", "@types/node@20"];

const declared = [
  "aws:autoscaling/group:Group",
  "aws:ec2/launchTemplate:LaunchTemplate",
  "aws:lb/listener:Listener",
  "aws:lb/targetGroup:TargetGroup",
];

/** What `pulumi preview --json` prints, as far as it is asked for here. */
interface Preview {
  readonly steps: readonly { readonly op: string; readonly newState: { readonly type: string } }[];
  readonly diagnostics: readonly { readonly severity: string; readonly message: string }[];
}

function madeBy(steps: Preview["steps"]): string[] {
  return steps.filter(({ op }) => op === "create").map(({ newState }) => newState.type);
}

beforeAll(async () => {
  await program.install(...others);
  program.write(files);
}, 5 * MINUTES);

afterAll(() => program.remove());

describe("the package", () => {
  test("holds what runs and what explains it, and nothing of the workshop", () => {
    const found = program.files();
    expect(found).toEqual(expect.arrayContaining(["LICENSE", "README.md", "package.json", "docs/errors.md"]));
    expect(found).toEqual(expect.arrayContaining(["dist/index.js", "dist/index.d.ts", "dist/testing/index.d.ts"]));
    expect(found).toContain("dist/cli/main.js");
    const workshop = found.filter((file) => /^(src|test|bench|examples|scripts)\/|\.test\.|tsbuildinfo$/.test(file));
    expect(workshop).toEqual([]);
    // What was compiled from TypeScript comes as JavaScript with its types.
    expect(found.filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))).toEqual([]);
  });

  test("brings every entry that its manifest names", () => {
    const manifest = jest.requireActual(path.join(program.installed, "package.json"));
    const { default: _, ...entries } = manifest.exports;
    const named = [manifest.main, manifest.types, ...Object.values(manifest.bin), ...Object.values(entries)]
      .flatMap((entry) => (typeof entry === "string" ? entry : Object.values(entry as Record<string, string>)))
      .filter((entry) => !existsSync(path.join(program.installed, entry)));
    expect(named).toEqual([]);
  });

  test(
    "its command line works from the program's directory",
    async () => {
      const { version } = jest.requireActual<{ version: string }>("../../package.json");
      // With `--no` only what is installed is run, nothing from a registry.
      expect(await must("npx", ["--no", "--", "hitless", "--version"], program.directory)).toBe(`${version}\n`);
      const help = await must("npx", ["--no", "--", "hitless", "--help"], program.directory);
      expect(help).toMatch(/^Usage: hitless [\s\S]* cloud [\s\S]* rehearse /);
    },
    2 * MINUTES,
  );
});

describe("a program that installed it", () => {
  test(
    "type-checks",
    async () => {
      const tsc = path.join(program.directory, "node_modules/typescript/bin/tsc");
      const { exitCode, output } = await run(process.execPath, [tsc, "--noEmit"], program.directory);
      expect(output).toBe("");
      expect(exitCode).toBe(0);
    },
    3 * MINUTES,
  );

  test(
    "is unit-tested with hitless/testing",
    async () => {
      const tsc = path.join(program.directory, "node_modules/typescript/bin/tsc");
      await must(process.execPath, [tsc, "--noEmit", "false", "--noCheck", "--outDir", "built"], program.directory);
      const out = await must(process.execPath, ["built/unit.js"], program.directory);
      expect(out.trim().split(" ")).toEqual(expect.arrayContaining([...declared, "hitless:index:RollingFleet"]));
    },
    3 * MINUTES,
  );

  describe("and the real engine", () => {
    const started: ChildProcess[] = [];
    let pulumi: (cwd: string, ...args: string[]) => Promise<Ran>;

    beforeAll(async () => {
      const engine = await jest
        .requireActual(path.join(program.installed, "dist/rehearsal/engine/engine.js"))
        .resolveEngine();
      const work = path.join(program.directory, "work");
      mkdirSync(path.join(work, "state"), { recursive: true });
      // As Pulumi's own, the provider asks its cloud who it is before it previews anything.
      const cloud = start("cli/main.js", ["cloud", "--port", "0", "--log-level", "warn"], process.env);
      const [, url = ""] = await says(cloud, /^Local cloud: (\S+)/);
      const access = { url, region: "us-east-1", speed: 1 };
      const environment = programEnvironment(process.env, engine.environment(), access, work, "passphrase");
      const provider = start("rehearsal/provider/main.js", [], environment);
      const [, port] = await says(provider, /^(\d+)\n/);
      environment.PULUMI_DEBUG_PROVIDERS = `aws:${port}`;
      pulumi = (cwd, ...args) =>
        run(engine.pulumi, [...args, "--non-interactive", "--color", "never"], cwd, environment);
      const { exitCode, output } = await pulumi(program.directory, "stack", "init", "dev");
      if (exitCode !== 0) throw new Error(output);
    }, 5 * MINUTES);

    afterAll(async () => {
      for (const child of started.reverse()) if (child.kill()) await once(child, "exit");
    });

    function start(file: string, args: string[], env: NodeJS.ProcessEnv): ChildProcess {
      const script = path.join(program.installed, "dist", file);
      const child = spawn(process.execPath, [script, ...args], { env, stdio: ["ignore", "pipe", "inherit"] });
      started.push(child);
      return child;
    }

    test(
      "sees in preview what it will make",
      async () => {
        const { exitCode, stdout, output } = await pulumi(program.directory, "preview", "--json", "--stack", "dev");
        if (exitCode !== 0) throw new Error(output);
        const made = madeBy((JSON.parse(stdout) as Preview).steps);
        for (const type of [...declared, "hitless:index:RollingFleet"]) {
          expect({ type, times: made.filter((each) => each === type).length }).toEqual({ type, times: 1 });
        }
      },
      3 * MINUTES,
    );

    test(
      "is told in preview everything that is wrong, in one message",
      async () => {
        const wrong = path.join(program.directory, "wrong");
        const { exitCode, stdout, output } = await pulumi(wrong, "preview", "--json", "--stack", "dev");
        if (exitCode === 0) throw new Error(`it was not refused:\n${output}`);
        const { steps, diagnostics } = JSON.parse(stdout) as Preview;
        const errors = diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
        expect(errors).toHaveLength(1);
        const fault = (start: string) => `${start}[^\\n]*\\n  Why: [^\\n]+\\n  Fix: [^\\n]+\\n`;
        const first = fault('HIT110 RollingFleet "web": batchSize is 0, expected');
        const second = fault('HIT130 RollingFleet "web": drainSeconds is 9999, expected');
        // Nothing after them: a stack of Hitless's own code would only hide what to do.
        expect(errors[0]).toMatch(new RegExp(`^(error: )?${first}${second}$`));
        expect(madeBy(steps).filter((type) => type !== "pulumi:pulumi:Stack")).toEqual([]);
      },
      3 * MINUTES,
    );
  });
});

/** Waits until a process has printed what is looked for. */
function says(child: ChildProcess, wanted: RegExp): Promise<RegExpExecArray> {
  let output = "";
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      output += chunk;
      const found = wanted.exec(output);
      if (found) resolve(found);
    });
    child.once("exit", (code) => reject(new Error(`it ended (${code}) before ${wanted} was seen:\n${output}`)));
  });
}
