/** One thing that AWS does, to which the local cloud is held. */
export interface Statement {
  /** Section and number: `A-12`. Never given to another statement. */
  readonly id: string;
  /** One sentence; the title of its test where `statement()` makes it. */
  readonly says: string;
  /** Where it is written: a key of `sources`, and the page or shape where that helps. */
  readonly source: string;
  /** Why the local cloud does not do it; such a statement has no test. */
  readonly notServed?: string;
}

/** A heading of docs/fidelity.md with its statements. */
export interface Section {
  readonly title: string;
  readonly statements: readonly Statement[];
}

/** What the short names of sources stand for. */
export const sources: Readonly<Record<string, string>> = {
  model: "the service model that botocore 1.44.5 carries (shapes, limits and their documentation)",
  "ALB guide": "Application Load Balancers user guide, last public text (2023-06)",
  "ELB guide": "Elastic Load Balancing user guide, how it works",
  "CloudWatch guide": "Amazon CloudWatch user guide",
  "ASG guide": "Amazon EC2 Auto Scaling user guide, last public text (2023-06)",
  "ASG guide today": "the present Amazon EC2 Auto Scaling user guide",
  wire: "seen on the wire between AWS's own clients and a recording server",
  field: "reports from users, named beside",
  unverified: "found in no source: the local cloud decides, and says so",
};
