import { type Fault, HitlessError } from "../../errors/hitlessError.js";

/**
 * Every fault of the command line and the rehearsal. A code never changes its meaning. HIT4xx: what the user gave cannot be
 * rehearsed, and nothing has been started or everything has been taken down again.
 */
export const REHEARSAL_CODES = {
  HIT401: {
    title: "no Pulumi project in the directory",
    why: "a rehearsal runs a Pulumi program, and a program is found by its Pulumi.yaml",
  },
  HIT402: {
    title: "scenario file cannot be read",
    why: "the scenario tells which steps to rehearse and what to expect of them",
  },
  HIT403: { title: "scenario file is no YAML", why: "the scenario is read as one YAML document" },
  HIT404: { title: "unknown key in the scenario", why: "a key that is silently ignored would expect nothing" },
  HIT405: { title: "value in the scenario that is not understood", why: "the scenario's keys take these values only" },
  HIT406: {
    title: "scenario that contradicts itself",
    why: "such a step could not be carried out or would prove nothing",
  },
  HIT410: {
    title: "cloud out of reach",
    why: "the program's resources are made in the cloud, and the rehearsal watches it",
  },
  HIT411: { title: "local cloud that does not start", why: "without a cloud there is nothing to rehearse on" },
  HIT412: {
    title: "speed that the cloud does not have",
    why: "a cloud's speed is set when it starts, and every limit is computed with it",
  },
  HIT413: { title: "port in use", why: "two servers cannot listen on one port" },
  HIT414: {
    title: "setting that the attached cloud does not have",
    why: "how a cloud keeps servers apart and which certificates it serves is decided when it starts",
  },
  HIT415: {
    title: "cluster that cannot be had",
    why: "pods run in a real Kubernetes cluster, which the rehearsal starts or is told of",
  },
  HIT416: {
    title: "policy pack that cannot be used",
    why: "policies judge each preview and each update, and a rehearsal without them would promise too much",
  },
  HIT420: { title: "no address to send the load to", why: "the load goes to the URL in an output of the program" },
  HIT421: { title: "no Pulumi engine", why: "a rehearsal runs the program through the real Pulumi CLI" },
  HIT422: {
    title: "stack that cannot be made",
    why: "the rehearsal keeps a stack of its own, in a temporary directory",
  },
  HIT431: { title: "report that cannot be written", why: "a pipeline reads the verdict from that file" },
} as const satisfies Record<`HIT4${number}`, { readonly title: string; readonly why: string }>;

export type RehearsalCode = keyof typeof REHEARSAL_CODES;

/** What a check found: the problem, and the way out. */
export interface Finding {
  readonly code: RehearsalCode;
  readonly subject: string;
  readonly problem: string;
  readonly fix: string;
  /** Overrides the code's general reason. */
  readonly why?: string;
}

/** One error that carries all findings. */
export function badInput(findings: readonly Finding[], options?: ErrorOptions): HitlessError {
  return new HitlessError(findings.map(toFault), options);
}

function toFault({ code, subject, problem, fix, why }: Finding): Fault {
  const general = REHEARSAL_CODES[code].why;
  return { code, subject, problem, fix, why: why ?? `${general.charAt(0).toUpperCase()}${general.slice(1)}.` };
}
