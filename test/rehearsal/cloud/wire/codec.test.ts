import fc from "fast-check";
import { operationSchema, operationSchemas } from "../../../../src/rehearsal/cloud/wire/catalogue.js";
import type { OperationSchema } from "../../../../src/rehearsal/cloud/wire/schemas.js";
import { servedOperations } from "../../../fidelity/served.js";
import { speakers } from "./clients.js";
import { arbitraryCall, expectIdentity } from "./exchange.js";

/** Operations that are not signed (federation) or that a client changes on the way (presigned copies). */
const special = /^(AssumeRoleWith|GetFederationToken|CopySnapshot)/;

describe.each(speakers)("$title", (speaker) => {
  test("any input of any operation arrives as it was given, any output likewise [D-01, D-02, D-04, D-05, D-06, D-07]", async () => {
    const operations = operationSchemas(speaker.service).filter(([, , name]) => !special.test(name));
    const cases = fc.constantFrom(...operations).chain((operation) => arbitraryCall(speaker, operation));
    await fc.assert(
      fc.asyncProperty(cases, (call) => expectIdentity(speaker, call)),
      { numRuns: 80 },
    );
  });

  test("decoding undoes encoding for every operation that is served", async () => {
    const names = (await servedOperations())[speaker.service];
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const operation = operationSchema(speaker.service, name) as OperationSchema;
      await fc.assert(
        fc.asyncProperty(arbitraryCall(speaker, operation), (call) => expectIdentity(speaker, call)),
        { numRuns: 5 },
      );
    }
  });
});
