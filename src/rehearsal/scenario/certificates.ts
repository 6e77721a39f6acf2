import * as path from "node:path";
import { readCertificate } from "../cloud/tls/certificateFiles.js";
import type { Finding } from "./codes.js";
import type { Scenario } from "./schema.js";

/**
 * The scenario with the absolute paths of its certificates, which it names relative to its own file.
 *
 * @param place how a key is told in messages
 */
export function withCertificateFiles(
  scenario: Scenario,
  directory: string,
  place: (at: readonly PropertyKey[]) => string,
): { readonly scenario: Scenario; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const certificates: Record<string, { cert: string; key: string }> = {};
  for (const [arn, files] of Object.entries(scenario.certificates)) {
    const found = { cert: path.resolve(directory, files.cert), key: path.resolve(directory, files.key) };
    const problem = problemWith(found);
    if (problem === undefined) certificates[arn] = found;
    else {
      const fix = "name PEM files, relative to the scenario: the certificate (its chain behind it) and its key.";
      findings.push({ code: "HIT405", subject: place(["certificates", arn]), problem, fix });
    }
  }
  return { scenario: { ...scenario, certificates }, findings };
}

function problemWith({ cert, key }: { cert: string; key: string }): string | undefined {
  // `hitless cloud --certificate` takes the two with a comma between them.
  const withComma = [cert, key].find((file) => file.includes(","));
  if (withComma !== undefined) return `the path ${withComma} has a comma in it`;
  try {
    readCertificate(cert, key);
    return undefined;
  } catch (error) {
    return `the certificate cannot be used (${(error as Error).message})`;
  }
}
