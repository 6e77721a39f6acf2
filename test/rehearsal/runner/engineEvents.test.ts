import { EngineEvents, type EngineMessage } from "../../../src/rehearsal/runner/engineEvents.js";

/** As Pulumi CLI 3.259 writes them. */
const log = [
  { sequence: 0, preludeEvent: { config: {} } },
  { sequence: 1, diagnosticEvent: { prefix: "debug: ", message: "noise\n", color: "never", severity: "debug" } },
  { sequence: 2, diagnosticEvent: { urn: "urn:x", message: "2 of 6 replaced\n", severity: "info", ephemeral: true } },
  { sequence: 3, diagnosticEvent: { urn: "urn:x", message: "v2 runs on every server\n", severity: "info" } },
  { sequence: 3, resourcePreEvent: { metadata: { op: "same", urn: "urn:stack" } } },
  { sequence: 3, resourcePreEvent: { metadata: { op: "create", urn: "urn:web" } } },
  { sequence: 3, resOutputsEvent: { metadata: { op: "create", urn: "urn:web" } } },
  { sequence: 3, resOutputsEvent: { metadata: { op: "create", urn: "urn:web" } } },
  { sequence: 3, resourcePreEvent: { metadata: { op: "update", urn: "urn:group" } } },
  { sequence: 3, resourcePreEvent: { metadata: { op: "delete", urn: "urn:old" } } },
  { sequence: 3, resOpFailedEvent: { metadata: { op: "update", urn: "urn:group" } } },
  { sequence: 4, diagnosticEvent: { prefix: "error: ", message: "HIT310 refused\n  Why: …\n", severity: "error" } },
  { sequence: 5, diagnosticEvent: { prefix: "error: ", message: "HIT310 refused\n  Why: …\n", severity: "error" } },
  { sequence: 6, diagnosticEvent: { prefix: "error: ", message: "update failed\n", severity: "error" } },
  { sequence: 7, summaryEvent: { durationSeconds: 2, resourceChanges: { same: 7, update: 1 }, result: "failed" } },
  { sequence: 8, cancelEvent: {} },
]
  .map((event) => JSON.stringify(event))
  .join("\n");

test.each([1, 7, 64, 100_000])("the log is understood in pieces of %i characters", (size) => {
  const messages: EngineMessage[] = [];
  const ended: number[] = [];
  const events = new EngineEvents(
    (message) => messages.push(message),
    (count) => ended.push(count),
  );
  for (let at = 0; at < log.length; at += size) events.add(log.slice(at, at + size));
  events.add("\n");
  expect(events.outcome).toEqual({
    succeeded: false,
    changes: { same: 7, update: 1 },
    errors: ["HIT310 refused\n  Why: …", "update failed"],
    violated: false,
    operations: [
      { urn: "urn:web", operation: "create", state: "ended" },
      { urn: "urn:group", operation: "update", state: "failed" },
      { urn: "urn:old", operation: "delete", state: "begun" },
    ],
  });
  expect(ended).toEqual([1, 2]);
  expect(messages.map(({ severity, ephemeral }) => `${severity}${ephemeral ? " (passing)" : ""}`)).toEqual([
    "info (passing)",
    "info",
    "error",
    "error",
    "error",
  ]);
});

test("an engine that was killed leaves no summary", () => {
  const events = new EngineEvents();
  events.add('{"sequence":0,"preludeEvent":{}}\n{"sequence":1,"diagn');
  expect(events.outcome).toEqual({ succeeded: undefined, changes: {}, errors: [], violated: false, operations: [] });
});

test("a violated mandatory policy is an error with its rule and resource; advice is a warning", () => {
  const judged = (enforcementLevel: string, message: string, resourceUrn?: string) =>
    JSON.stringify({ policyEvent: { policyName: "imds-v1", message, enforcementLevel, resourceUrn, color: "never" } });
  const messages: EngineMessage[] = [];
  const events = new EngineEvents((message) => messages.push(message));
  events.add(`${judged("advisory", "<{%reset%}>costs a lot<{%reset%}>\n")}\n`);
  expect(events.outcome).toMatchObject({ errors: [], violated: false });
  events.add(
    `${judged("mandatory", "asks no token", "urn:pulumi:t::web::aws:ec2/launchTemplate:LaunchTemplate::web")}\n`,
  );
  expect(events.outcome).toMatchObject({ errors: ["[mandatory] imds-v1 (web): asks no token"], violated: true });
  expect(messages).toEqual([
    { severity: "warning", text: "[advisory] imds-v1: costs a lot", ephemeral: false },
    { severity: "error", text: "[mandatory] imds-v1 (web): asks no token", ephemeral: false },
  ]);
});
