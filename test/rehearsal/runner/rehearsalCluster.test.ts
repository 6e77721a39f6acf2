import { namedCluster, startCluster } from "../../../src/rehearsal/runner/rehearsalCluster.js";

const around = { progress: () => {}, halt: new AbortController().signal };
const image = { name: "shop:v1", programs: [], files: {}, command: ["/app/serve"] };

test("a kubeconfig file that is not there is told", () => {
  expect(() => namedCluster("no/such/file")).toThrow(/HIT415 --kubeconfig no\/such\/file: there is no such file/);
  expect(namedCluster(__filename)).toMatchObject({ kubeconfig: __filename });
});

test.each([
  ["a program", { ...image, programs: ["no-such-program"] }, "there is no program no-such-program here"],
  ["a file", { ...image, files: { "/app": "no-such-file" } }, `there is no file ${__dirname}/no-such-file here`],
])("an image is told of %s that this machine lacks, before a cluster starts", async (_what, lacking, problem) => {
  const scenario = { nodes: 1, images: [lacking], gateways: [] };
  await expect(startCluster(scenario, __dirname, around)).rejects.toMatchObject({
    faults: [{ code: "HIT415", subject: "image shop:v1", problem }],
  });
});
