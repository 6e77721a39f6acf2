import { existsSync, readFileSync, statSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { badInput } from "../scenario/codes.js";

/** A Pulumi project as it stands in the user's directory; nothing is ever written there. */
export interface Project {
  readonly directory: string;
  readonly name: string;
  /** Its tsconfig.json says that each file can be compiled by itself, without the types of the others. */
  readonly isolatedModules: boolean;
}

const FILES = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"];

/** @throws HitlessError HIT401 when there is none */
export function findProject(directory: string): Project {
  const absolute = path.resolve(directory);
  const refuse = (problem: string) =>
    badInput([
      {
        code: "HIT401",
        subject: directory,
        problem,
        fix: "name the directory of a Pulumi program, the one with its Pulumi.yaml: hitless rehearse DIR.",
      },
    ]);
  if (!existsSync(absolute)) throw refuse("the directory does not exist");
  if (!statSync(absolute).isDirectory()) throw refuse("this is no directory");
  const file = FILES.map((name) => path.join(absolute, name)).find((candidate) => existsSync(candidate));
  if (file === undefined) throw refuse("there is no Pulumi.yaml in it");
  let name: unknown;
  try {
    name = (parse(readFileSync(file, "utf8")) as { name?: unknown } | null)?.name;
  } catch (cause) {
    throw refuse(`its ${path.basename(file)} cannot be read (${(cause as Error).message.split("\n")[0]})`);
  }
  if (typeof name !== "string" || name === "") throw refuse(`its ${path.basename(file)} has no name`);
  return { directory: absolute, name, isolatedModules: hasIsolatedModules(path.join(absolute, "tsconfig.json")) };
}

/** The file may hold comments, so it is not JSON; a setting that is commented out does not begin its line or follow another. */
function hasIsolatedModules(file: string): boolean {
  return (
    existsSync(file) &&
    /(^|[{,])\s*"(isolatedModules|verbatimModuleSyntax)"\s*:\s*true/m.test(readFileSync(file, "utf8"))
  );
}
