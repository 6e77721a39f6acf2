import { Authority } from "../../../src/rehearsal/cloud/tls/authority.js";
import { type Certificate, makeCertificate } from "../../../src/rehearsal/cloud/tls/x509.js";
import { LoadGenerator } from "../../../src/rehearsal/load/generator.js";
import type { LoadSummary } from "../../../src/rehearsal/load/model.js";
import { closeServers, httpsServer, options, until } from "./servers.js";

afterEach(closeServers);

async function sent(served: Certificate, trust: string | undefined): Promise<LoadSummary> {
  const url = await httpsServer(served, (_request, response) => response.end("ok"));
  const load = new LoadGenerator(options(url, trust === undefined ? {} : { trust }));
  await until(() => load.counts().completed + load.counts().lost >= 10);
  return load.stop();
}

test("a certificate that the trusted authority signed for the address is taken", async () => {
  const authority = new Authority();
  const { lost, completed } = await sent(authority.issue("127.0.0.1"), authority.cert);
  expect(lost).toBe(0);
  expect(completed).toBeGreaterThanOrEqual(10);
});

test("a certificate that was given is taken as it is, for whatever name and signed by whomever", async () => {
  const own = { commonName: "the firm's own", key: new Authority().issue("x").key };
  const given = makeCertificate({ commonName: "shop", hosts: ["shop.example"], isAuthority: false, signer: own });
  expect((await sent(given, `${new Authority().cert}\n${given.cert}`)).lost).toBe(0);
});

test.each([
  ["another authority's", () => new Authority().issue("127.0.0.1"), () => new Authority().cert],
  [
    "one that signed itself",
    () => makeCertificate({ commonName: "x", hosts: ["127.0.0.1"], isAuthority: true }),
    () => new Authority().cert,
  ],
  ["one of nobody known, without any trust given", () => new Authority().issue("127.0.0.1"), () => undefined],
])("%s certificate loses every request", async (_, served, trust) => {
  const { completed, lost, evidence } = await sent(served(), trust());
  expect(completed).toBe(0);
  expect(lost).toBeGreaterThanOrEqual(10);
  expect(evidence[0]).toMatchObject({ kind: "other" });
});

test("a certificate of the trusted authority for another address is not taken", async () => {
  const authority = new Authority();
  const { completed, evidence } = await sent(authority.issue("127.0.0.2"), authority.cert);
  expect(completed).toBe(0);
  expect(evidence[0]).toMatchObject({ code: "ERR_TLS_CERT_NOT_TRUSTED" });
  expect(evidence[0]?.detail).toMatch(/none of the local cloud's/);
});
