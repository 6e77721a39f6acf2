import { motoDifferences } from "./motoDifferences.js";

const clients = `## Clients from elsewhere

Tests drive the local cloud with clients that nobody here wrote; where Python or Go is missing they say so and are skipped.

| Client | What it does |
| --- | --- |
| [AWS CLI](../test/fidelity/clients/awscli.sh) | builds a balanced group from nothing, shifts weights, runs an instance refresh, takes all down |
| [botocore](../test/fidelity/clients/botocore_driver.py) | calls every served operation; each parsed answer is held to AWS's own model: members, types, required ones, enumerations |
| [AWS SDK for Go](../test/fidelity/go/main.go) | CloudWatch in RPC v2 CBOR |
| AWS SDK for JavaScript | every operation in each of its protocols: decoding undoes encoding, for any input and any output |
| [moto](../test/fidelity/clients/moto_compare.py) | gets the same calls as the local cloud, and the answers are compared |
`;

const moto = `## Where the local cloud and moto differ

moto 5 has no instance refresh and no data plane. In what both serve, AWS's documents win.

| Difference | Why |
| --- | --- |
`;

const faults = `
## Faults and delays on demand

\`PUT /_hitless/faults\` takes an object with any of these; the next one replaces it whole, and \`{}\` mends everything.
The \`faults\` of a rehearsal's scenario are the same (docs/rehearsal.md).

| Key | What happens |
| --- | --- |
| \`throttleShare\` | a share of API calls, 0 to 1, is answered with each service's throttling |
| \`apiErrorShare\` | a share of API calls is answered with each service's 5xx |
| \`apiLatencySeconds\` | every API call takes so many real seconds longer |
| \`consistencyDelaySeconds\` | a repeated Describe or List call is answered as it was so many AWS seconds ago (also \`hitless cloud --consistency-delay\`) |
| \`propagationSeconds\` | changed rules and weights are used so many AWS seconds later |
| \`bootDelaySeconds\` | instances stay pending so many AWS seconds longer |
| \`bootFailureShare\` | a share of launches fails to boot |
| \`lostZones\` | these Availability Zones have no power: their instances are killed, launches go to the others |
| \`skipDraining\`, \`ignoreHealth\` | the load balancer breaks its word: for tests that must lose requests |

\`POST /_hitless/instances/ID/power-failure\` kills one instance. \`GET /_hitless/trust\` answers the certificates that clients of HTTPS listeners are to trust. The signature of a call is not checked, only its scope is read.
`;

/** What docs/fidelity.md says besides the statements. */
export function clientNotes(): string[] {
  const rows = motoDifferences.map(({ what, reason }) => `| ${what} | ${reason} |`);
  return [clients, `${moto}${rows.join("\n")}\n${faults}`];
}
