import { PassThrough } from "node:stream";
import { PlainView, TerminalView } from "../../../src/rehearsal/runner/view.js";

function written(columns?: number): { out: NodeJS.WriteStream; text: () => string } {
  const out = Object.assign(new PassThrough(), { columns }) as unknown as NodeJS.WriteStream;
  let text = "";
  out.on("data", (chunk: Buffer) => {
    text += chunk.toString("utf8");
  });
  return { out, text: () => text };
}

const UP_TWO_AND_CLEAR = "\u001b[2A\r\u001b[J";

test("on a terminal the status is redrawn in place, below the lines, cut to the width", () => {
  const { out, text } = written(31);
  const view = new TerminalView(out);
  view.status(["first", "x".repeat(50)]);
  view.line("happened");
  view.status(["second", "y"]);
  view.end();
  view.line("done");
  const cut = "x".repeat(30);
  expect(text()).toBe(
    `first\n${cut}\n${UP_TWO_AND_CLEAR}happened\nfirst\n${cut}\n${UP_TWO_AND_CLEAR}second\ny\n${UP_TWO_AND_CLEAR}done\n`,
  );
});

test("elsewhere there are plain lines, and no control characters", () => {
  const { out, text } = written();
  const view = new PlainView(out);
  view.line("▸ roll");
  view.status(["now"]);
  view.end();
  expect(text()).toBe("▸ roll\n");
});
