import { setUp } from "./setUp.js";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

test("what a version holds is read back as given, also what the local cloud does not act on", async () => {
  const { call } = setUp();
  const data = {
    ImageId: "ami-0123456789abcdef0",
    UserData: base64("#!/bin/bash\n"),
    Monitoring: { Enabled: true },
    BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { VolumeSize: 20, Encrypted: true } }],
    TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "a", Value: "b" }] }],
  };
  const { LaunchTemplate } = await call("CreateLaunchTemplate", {
    LaunchTemplateName: "web",
    LaunchTemplateData: data,
  });
  expect(LaunchTemplate).toMatchObject({ LaunchTemplateName: "web", DefaultVersionNumber: 1, LatestVersionNumber: 1 });
  const { LaunchTemplateVersions } = await call("DescribeLaunchTemplateVersions", { LaunchTemplateName: "web" });
  expect(LaunchTemplateVersions).toMatchObject([{ VersionNumber: 1, DefaultVersion: true, LaunchTemplateData: data }]);
});

test("versions are numbered, inherit from a source, and numbers are not given twice", async () => {
  const { call, aTemplate } = setUp();
  const LaunchTemplateId = await aTemplate({ UserData: base64("one"), KeyName: "key" });
  const add = async (input: object) =>
    (await call("CreateLaunchTemplateVersion", { LaunchTemplateId, ...input })).LaunchTemplateVersion;
  const second = await add({ SourceVersion: "1", LaunchTemplateData: { UserData: base64("two") } });
  expect(second).toMatchObject({ VersionNumber: 2, DefaultVersion: false });
  expect(second.LaunchTemplateData).toMatchObject({ KeyName: "key", UserData: base64("two") });
  const third = await add({ LaunchTemplateData: { InstanceType: "t3.small" } });
  expect(third.LaunchTemplateData).toEqual({ InstanceType: "t3.small" });
  await call("DeleteLaunchTemplateVersions", { LaunchTemplateId, Versions: ["3"] });
  expect(await add({ LaunchTemplateData: { InstanceType: "t3.small" } })).toMatchObject({ VersionNumber: 4 });
});

test("the default version moves, and cannot be deleted", async () => {
  const { call, aTemplate, ec2 } = setUp();
  const LaunchTemplateId = await aTemplate();
  await call("CreateLaunchTemplateVersion", { LaunchTemplateId, LaunchTemplateData: { InstanceType: "t3.small" } });
  expect(ec2.resolveTemplate({ id: LaunchTemplateId, version: "$Latest" })).toMatchObject({
    version: "2",
    instanceType: "t3.small",
  });
  expect(ec2.resolveTemplate({ id: LaunchTemplateId, version: "$Default" })).toMatchObject({ version: "1" });
  expect(ec2.resolveTemplate({ id: LaunchTemplateId })).toMatchObject({ version: "1" });
  await call("ModifyLaunchTemplate", { LaunchTemplateId, DefaultVersion: "2" });
  const answer = await call("DeleteLaunchTemplateVersions", { LaunchTemplateId, Versions: ["1", "2", "9"] });
  expect(answer).toMatchObject({
    SuccessfullyDeletedLaunchTemplateVersions: [{ VersionNumber: 1 }],
    UnsuccessfullyDeletedLaunchTemplateVersions: [
      { VersionNumber: 2 },
      { VersionNumber: 9, ResponseError: { Code: "launchTemplateVersionDoesNotExist" } },
    ],
  });
});

test("versions are chosen by number, by alias, by range and over all templates", async () => {
  const { call, aTemplate, refusal } = setUp();
  const LaunchTemplateId = await aTemplate();
  await aTemplate();
  for (const KeyName of ["b", "c"]) {
    await call("CreateLaunchTemplateVersion", { LaunchTemplateId, LaunchTemplateData: { KeyName } });
  }
  const numbers = async (input: object) =>
    (await call("DescribeLaunchTemplateVersions", input)).LaunchTemplateVersions.map((v: any) => v.VersionNumber);
  expect(await numbers({ LaunchTemplateId })).toEqual([3, 2, 1]);
  expect(await numbers({ LaunchTemplateId, Versions: ["$Latest", "3", "1"] })).toEqual([3, 1]);
  expect(await numbers({ LaunchTemplateId, MinVersion: "2", MaxVersion: "2" })).toEqual([2]);
  expect(await numbers({ Versions: ["$Latest"] })).toEqual([3, 1]);
  expect(await refusal("DescribeLaunchTemplateVersions", {})).toMatchObject({ code: "MissingParameter" });
});

test.each([
  ["a name that is taken", { LaunchTemplateName: "web" }, "InvalidLaunchTemplateName.AlreadyExistsException"],
  ["a malformed name", { LaunchTemplateName: "we b" }, "InvalidLaunchTemplateName.MalformedException"],
  ["no data", { LaunchTemplateName: "new", LaunchTemplateData: {} }, "MissingParameter"],
  [
    "user data that is not base64",
    { LaunchTemplateName: "new", LaunchTemplateData: { UserData: "#!/bin/bash" } },
    "InvalidUserData.Malformed",
  ],
  [
    "user data over 16 KB",
    { LaunchTemplateName: "new", LaunchTemplateData: { UserData: base64("x".repeat(16385)) } },
    "InvalidParameterValue",
  ],
  [
    "groups in two places",
    {
      LaunchTemplateName: "new",
      LaunchTemplateData: { SecurityGroupIds: ["sg-1"], NetworkInterfaces: [{ DeviceIndex: 0 }] },
    },
    "InvalidParameterCombination",
  ],
])("creation refuses %s", async (_, input, code) => {
  const { call, refusal } = setUp();
  const LaunchTemplateData = { InstanceType: "t3.micro" };
  await call("CreateLaunchTemplate", { LaunchTemplateName: "web", LaunchTemplateData });
  expect(await refusal("CreateLaunchTemplate", { LaunchTemplateData, ...input })).toMatchObject({ code });
});

test("exactly 16 KB of user data are taken", async () => {
  const { aTemplate } = setUp();
  await expect(aTemplate({ UserData: base64("x".repeat(16384)) })).resolves.toMatch(/^lt-/);
});

test.each([
  [{ LaunchTemplateId: "lt-0123456789abcdef0" }, "InvalidLaunchTemplateId.NotFound"],
  [{ LaunchTemplateId: "web" }, "InvalidLaunchTemplateId.Malformed"],
  [{ LaunchTemplateName: "nobody" }, "InvalidLaunchTemplateName.NotFoundException"],
  [{}, "MissingParameter"],
])("%j is refused", async (input, code) => {
  const { refusal } = setUp();
  expect(await refusal("DeleteLaunchTemplate", input)).toMatchObject({ code });
});

test("an unknown version is refused", async () => {
  const { ec2, aTemplate } = setUp();
  const id = await aTemplate();
  expect(() => ec2.resolveTemplate({ id, version: "7" })).toThrow(
    expect.objectContaining({ code: "InvalidLaunchTemplateId.VersionNotFound" }),
  );
});

test("the same client token makes one template; with other parameters it is refused [D-03]", async () => {
  const { call, refusal } = setUp();
  const input = { ClientToken: "t", LaunchTemplateName: "web", LaunchTemplateData: { InstanceType: "t3.micro" } };
  const first = await call("CreateLaunchTemplate", input);
  expect(await call("CreateLaunchTemplate", input)).toEqual(first);
  expect(await refusal("CreateLaunchTemplate", { ...input, LaunchTemplateName: "other" })).toMatchObject({
    code: "IdempotentParameterMismatch",
  });
  expect((await call("DescribeLaunchTemplates")).LaunchTemplates).toHaveLength(1);
});

test("templates are found by id, name and tag, and are gone once deleted", async () => {
  const { call, refusal } = setUp();
  await call("CreateLaunchTemplate", {
    LaunchTemplateName: "web",
    LaunchTemplateData: { InstanceType: "t3.micro" },
    TagSpecifications: [{ ResourceType: "launch-template", Tags: [{ Key: "app", Value: "shop" }] }],
  });
  const found = async (input: object) => (await call("DescribeLaunchTemplates", input)).LaunchTemplates.length;
  expect(await found({ LaunchTemplateNames: ["web"] })).toBe(1);
  expect(await found({ Filters: [{ Name: "tag:app", Values: ["shop"] }] })).toBe(1);
  expect(await found({ Filters: [{ Name: "launch-template-name", Values: ["x*"] }] })).toBe(0);
  await call("DeleteLaunchTemplate", { LaunchTemplateName: "web" });
  expect(await refusal("DescribeLaunchTemplates", { LaunchTemplateNames: ["web"] })).toMatchObject({
    code: "InvalidLaunchTemplateName.NotFoundException",
  });
});
