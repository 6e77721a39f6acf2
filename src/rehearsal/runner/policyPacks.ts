import { existsSync } from "node:fs";
import * as path from "node:path";
import { badInput, type Finding } from "../scenario/codes.js";

/** Policy packs that judge each preview and each update of a rehearsal, as `pulumi up --policy-pack` has them. */
export interface PolicyPacks {
  /** Directories, each with a PulumiPolicy.yaml. */
  readonly packs: readonly string[];
  /** JSON files with the packs' settings, in the packs' order; none at all, or one for each pack. */
  readonly configs: readonly string[];
}

/**
 * The engine's flags for them.
 *
 * @throws HitlessError HIT416 for what cannot be used
 */
export function policyFlags({ packs, configs }: PolicyPacks): string[] {
  const findings: Finding[] = [
    ...packs.filter((pack) => !existsSync(path.join(pack, "PulumiPolicy.yaml"))).map(noPack),
    ...configs.filter((file) => !existsSync(file)).map(noConfig),
  ];
  if (configs.length > 0 && configs.length !== packs.length) {
    findings.push({
      code: "HIT416",
      subject: "--policy-pack-config",
      problem: `there are ${configs.length} of them, and ${packs.length} of --policy-pack`,
      fix: "give one for each pack, in the same order, or none.",
    });
  }
  if (findings.length > 0) throw badInput(findings);
  // The engine runs in the program's directory.
  const absolute = (flag: string) => (file: string) => [flag, path.resolve(file)];
  return [...packs.flatMap(absolute("--policy-pack")), ...configs.flatMap(absolute("--policy-pack-config"))];
}

function noPack(pack: string): Finding {
  return {
    code: "HIT416",
    subject: `--policy-pack ${pack}`,
    problem: "there is no PulumiPolicy.yaml in it",
    fix: "name the directory of a policy pack, such as node_modules/hitless/policy.",
  };
}

function noConfig(file: string): Finding {
  return {
    code: "HIT416",
    subject: `--policy-pack-config ${file}`,
    problem: "there is no such file",
    fix: "name a JSON file with the pack's settings, or leave it out.",
  };
}
