import { clientNotes } from "./clients/notes.js";
import { type NamedTest, namedTests } from "./scan.js";
import { type Section, type Statement, sections, sources } from "./statements/index.js";

const intro = `# How far the local cloud is true

<!-- Generated from test/fidelity and the tests' titles: node test/fidelity/write.cjs -->

A rehearsal is worth what its cloud is worth. Each line below is something that AWS says it does; the test beside it holds the local cloud to
it on every run of the test suite. What is not served is refused by name when it is called, and listed with the reason.
`;

/** docs/fidelity.md as the registry and the tests have it now. */
export function renderDocument(): string {
  const tests = testsById();
  return [intro, legend(), ...sections.map((section) => sectionTable(section, tests)), ...clientNotes()].join("\n");
}

/** What the registry and the tests disagree about, in sentences. */
export function disagreements(): string[] {
  const tests = testsById();
  const known = new Map(sections.flatMap(({ statements }) => statements).map((one) => [one.id, one]));
  const of = ({ file, title }: NamedTest): string => `${file}${title === undefined ? "" : `: "${title}"`}`;
  return [
    ...[...tests]
      .filter(([id]) => !known.has(id))
      .flatMap(([id, all]) => all.map((one) => `${of(one)} names ${id}, which is not in the registry`)),
    ...[...known.values()]
      .filter(({ id, notServed }) => notServed === undefined && !tests.has(id))
      .map(({ id, says }) => `${id} has no test: ${says}`),
    ...[...known.values()]
      .filter(({ id, notServed }) => notServed !== undefined && tests.has(id))
      .map(({ id }) => `${id} is said not to be served, and has a test`),
  ];
}

function testsById(): Map<string, NamedTest[]> {
  const byId = new Map<string, NamedTest[]>();
  for (const one of namedTests()) {
    for (const id of one.ids) byId.set(id, [...(byId.get(id) ?? []), one]);
  }
  return byId;
}

function legend(): string {
  const lines = Object.entries(sources).map(([name, meaning]) => `- **${name}**: ${meaning}`);
  return `Sources:\n\n${lines.join("\n")}\n`;
}

function sectionTable(section: Section, tests: ReadonlyMap<string, NamedTest[]>): string {
  const rows = section.statements.map((one) => row(one, tests.get(one.id) ?? []));
  return `## ${section.title}\n\n| | AWS | Source | Held by |\n| --- | --- | --- | --- |\n${rows.join("\n")}\n`;
}

function row({ id, says, source, notServed }: Statement, tests: readonly NamedTest[]): string {
  const held = notServed === undefined ? [...new Set(tests.map(link))].join("<br>") : `*not served*: ${notServed}`;
  return `| ${id} | ${cell(says)} | ${cell(source)} | ${held} |`;
}

function link({ file, title }: NamedTest): string {
  const name = file.replace(/^test\/(rehearsal\/cloud\/)?/, "").replace(/\.test\.ts$/, "");
  return `[${name}](../${file})${title === undefined ? "" : ` “${cell(title)}”`}`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("*", "\\*");
}
