/** What counts as a difference, and what as a replacement. */

import { diffObjects } from "../../../../src/rehearsal/provider/kubernetes/diff/diff.js";
import { contains, parsePath, prune, spell } from "../../../../src/rehearsal/provider/kubernetes/model/tree.js";
import { UNKNOWN, type Values } from "../../../../src/rehearsal/provider/protocol/values.js";
import type { Change } from "../../../../src/rehearsal/provider/schema/compare.js";
import { deployment } from "./cluster.js";

const kind = { group: "apps", version: "v1", kind: "Deployment" };

interface Case {
  readonly news: Values;
  readonly live?: Values;
  readonly ignored?: string[];
  readonly dryRun?: (inputs: Values) => Promise<Values | undefined>;
}

const olds = deployment("app:1");
const standing = (change: (object: any) => void = () => undefined): Values => {
  const live = structuredClone({ ...olds, status: { replicas: 2 } }) as Values;
  live.metadata.namespace = "default";
  live.spec.progressDeadlineSeconds = 600;
  change(live);
  return live;
};

async function changes({ news, live = standing(), ignored = [], dryRun = async () => undefined }: Case) {
  const mutability = { enableConfigMapMutable: false, enableSecretMutable: false };
  const request = { kind, patch: false, namespaced: true, oldInputs: olds, live, news, ignored, mutability, dryRun };
  const diff = await diffObjects(request);
  const told = diff.changes.map(({ path, kind: how, replace }: Change) => `${how}${replace ? "-replace" : ""} ${path}`);
  return { told, deleteBeforeReplace: diff.deleteBeforeReplace };
}

const edited = (edit: (object: any) => void): Values => {
  const news = structuredClone(olds);
  edit(news);
  return news;
};

test("what the cluster filled in is no difference", async () => {
  expect(await changes({ news: olds })).toEqual({ told: [], deleteBeforeReplace: false });
});

test("what someone changed in the cluster is one", async () => {
  const live = standing((object) => {
    object.spec.replicas = 5;
  });
  expect((await changes({ news: olds, live })).told).toEqual(["update spec.replicas"]);
});

test("every change is told at its own path", async () => {
  const news = edited((object) => {
    object.spec.template.spec.containers[0].image = "app:2";
    object.spec.template.spec.containers.push({ name: "side", image: "side:1" });
    object.metadata.labels = { "a.b/c": "1" };
    delete object.spec.replicas;
  });
  expect((await changes({ news })).told.sort()).toEqual([
    "add metadata.labels",
    "add spec.template.spec.containers[1]",
    "delete spec.replicas",
    "update spec.template.spec.containers[0].image",
  ]);
});

test("another selector replaces a Deployment, and its namesake goes first", async () => {
  const news = edited((object) => {
    object.spec.selector.matchLabels.app = "other";
  });
  expect(await changes({ news })).toEqual({
    told: ["update-replace spec.selector.matchLabels.app"],
    deleteBeforeReplace: true,
  });
});

test("another spelling of what stands is no difference once the server has said so", async () => {
  const live = standing((object) => {
    object.spec.template.spec.containers[0].resources = { requests: { cpu: "500m" } };
  });
  const given = (cpu: string) =>
    edited((object) => {
      object.spec.template.spec.containers[0].resources = { requests: { cpu } };
      object.spec.template.spec.tolerations = [];
    });
  const oldInputs = given("0.5");
  const mutability = { enableConfigMapMutable: false, enableSecretMutable: false };
  const request = { kind, patch: false, namespaced: true, oldInputs, live, ignored: [], mutability };
  // The server stores 0.5 as 500m, and an empty list not at all.
  const dryRun = async (inputs: Values) => {
    const result = structuredClone(inputs);
    const container = result.spec.template.spec.containers[0];
    if (container.resources.requests.cpu === "0.5") container.resources.requests.cpu = "500m";
    delete result.spec.template.spec.tolerations;
    return result;
  };
  expect((await diffObjects({ ...request, news: oldInputs, dryRun })).changes).toEqual([]);
  const more = await diffObjects({ ...request, news: given("1"), dryRun });
  expect(more.changes.map(({ path }) => path)).toEqual(["spec.template.spec.containers[0].resources.requests.cpu"]);
});

test("the dry run is asked without what replaces the object: a server would refuse that", async () => {
  const asked: Values[] = [];
  const news = edited((object) => {
    object.spec.selector.matchLabels.app = "other";
    object.spec.replicas = 3;
  });
  const dryRun = async (inputs: Values) => {
    asked.push(inputs);
    return inputs;
  };
  const { told } = await changes({ news, dryRun });
  expect(asked.map(({ spec }) => spec.selector.matchLabels.app)).toEqual(["web"]);
  expect(told.sort()).toEqual(["update spec.replicas", "update-replace spec.selector.matchLabels.app"]);
});

test("unknown values are changes, and ask no server", async () => {
  const news = edited((object) => {
    object.spec.template.spec.containers[0].image = UNKNOWN;
  });
  const dryRun = jest.fn();
  expect((await changes({ news, dryRun })).told).toEqual(["update spec.template.spec.containers[0].image"]);
  expect(dryRun).not.toHaveBeenCalled();
});

test.each([["spec.replicas"], ["spec"], ['spec["replicas"]']])(
  "ignoreChanges %s passes over a change there",
  async (path) => {
    const news = edited((object) => {
      object.spec.replicas = 9;
    });
    expect((await changes({ news, ignored: [path] })).told).toEqual([]);
  },
);

test.each([
  [["spec", "template"], "spec.template"],
  [["metadata", "annotations", "a.b/c"], 'metadata.annotations["a.b/c"]'],
  [["a", 0, "b"], "a[0].b"],
])("property paths are written and read: %j", (steps, text) => {
  expect(spell(steps)).toBe(text);
  expect(parsePath(text)).toEqual(steps);
});

test("a star stands for any step", () => {
  expect(contains(parsePath("spec.containers[*].image"), ["spec", "containers", 3, "image"])).toBe(true);
  expect(contains(parsePath("spec.containers[*].image"), ["spec", "containers", 3, "name"])).toBe(false);
  expect(() => parsePath("a..b")).toThrow(/no property path/);
});

test("pruning keeps the shape of the inputs", () => {
  const live = { a: { x: 1, y: 2 }, b: [{ p: 1, q: 2 }, { p: 3 }], c: {}, d: { z: 1 } };
  expect(prune(live, { a: { x: 0 }, b: [{ p: 0 }], c: {}, d: { w: 0 } })).toEqual({
    a: { x: 1 },
    b: [{ p: 1 }],
    c: {},
  });
});
