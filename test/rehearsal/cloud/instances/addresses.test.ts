import {
  gatewayOf,
  hostNameOf,
  macOf,
  parseAddress,
  parseCidr,
  privateDnsNameOf,
  resolverOf,
} from "../../../../src/rehearsal/cloud/instances/addresses.js";

test("a subnet's router is its base plus one, a VPC's resolver plus two", () => {
  expect(gatewayOf(parseCidr("172.31.16.0/20"))).toBe("172.31.16.1");
  expect(resolverOf(parseCidr("172.31.0.0/16"))).toBe("172.31.0.2");
  expect(gatewayOf(parseCidr("10.0.0.77/24"))).toBe("10.0.0.1");
});

test("names follow EC2's", () => {
  expect(hostNameOf("172.31.1.5")).toBe("ip-172-31-1-5");
  expect(privateDnsNameOf("172.31.1.5", "us-east-1")).toBe("ip-172-31-1-5.ec2.internal");
  expect(privateDnsNameOf("172.31.1.5", "eu-west-1")).toBe("ip-172-31-1-5.eu-west-1.compute.internal");
});

test("an address always has the same MAC address", () => {
  expect(macOf("172.31.1.5")).toBe("02:00:ac:1f:01:05");
});

test.each(["172.31.1", "172.31.1.256", "172.31.1.x", "172.31.1.5; reboot", ""])("%j is not an address", (text) => {
  expect(() => parseAddress(text)).toThrow("is not an IPv4 address");
});

test.each(["172.31.0.0", "172.31.0.0/33", "172.31.0.0/x"])("%j is not a block", (text) => {
  expect(() => parseCidr(text)).toThrow("is not a block of addresses");
});
