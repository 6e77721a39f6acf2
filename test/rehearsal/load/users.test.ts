import { CookieJar } from "../../../src/rehearsal/load/cookieJar.js";
import { Users } from "../../../src/rehearsal/load/users.js";

describe("a cookie jar", () => {
  test("sends back what was set, until it expires", () => {
    const jar = new CookieJar();
    const expires = new Date(61_000).toUTCString();
    jar.keep([`AWSALBTG=k1.abc=; Expires=${expires}; Path=/`, "session=1; HttpOnly"], 1000);
    expect(jar.header(2000)).toBe("AWSALBTG=k1.abc=; session=1");
    expect(jar.header(61_000)).toBe("session=1");
  });

  test("Max-Age wins over Expires, and 0 takes a cookie away", () => {
    const jar = new CookieJar();
    jar.keep([`a=1; Max-Age=5; Expires=${new Date(1_000_000).toUTCString()}`], 0);
    expect(jar.header(4999)).toBe("a=1");
    expect(jar.header(5000)).toBeUndefined();
    jar.keep(["b=1"], 0);
    jar.keep(["b=; Max-Age=0"], 1);
    expect(jar.header(2)).toBeUndefined();
  });

  test("a line that is no cookie is ignored", () => {
    const jar = new CookieJar();
    jar.keep(["", "a=1"], 0);
    expect(jar.header(1)).toBe("a=1");
  });
});

describe("users", () => {
  test("take turns, each with cookies of its own", () => {
    const users = new Users(2);
    users.visit(0).end("v1", ["who=first"], 0);
    users.visit(0).end("v1", ["who=second"], 0);
    expect([users.visit(1), users.visit(1)].map(({ cookies }) => cookies)).toEqual(["who=first", "who=second"]);
  });

  test("one who waits is passed over, and not when all wait", () => {
    const users = new Users(2);
    users.visit(0);
    users.visit(0).end("v1", ["who=second"], 0);
    expect(users.visit(1).cookies).toBe("who=second");
    expect(users.visit(1).cookies).toBeUndefined();
  });

  test("before a user's first answer a stranger stands in, who is not remembered", () => {
    const users = new Users(1);
    const first = users.visit(0);
    const second = users.visit(0);
    expect(second.end("v2", ["who=second"], 1)).toBe(0);
    expect(first.end("v1", ["who=first"], 2)).toBe(0);
    const third = users.visit(3);
    expect(third.cookies).toBe("who=first");
    expect(third.end("v1", [], 4)).toBe(0);
  });

  test("notice each change of version, and no answer is none", () => {
    const users = new Users(1);
    const seen = ["v1", "v1", "", "v2", "v1"].map((version) => users.visit(0).end(version, [], 0));
    expect(seen).toEqual([0, 0, 0, 1, 1]);
  });

  test("a slow answer from before a newer one is no step back", () => {
    const users = new Users(1);
    users.visit(0).end("v1", [], 0);
    const slow = users.visit(0);
    const fast = users.visit(0);
    expect(fast.end("v2", [], 1)).toBe(0);
    expect(slow.end("v1", [], 2)).toBe(1);
  });
});
