import { expect, it } from "vitest";
import { lazyClient } from "#shared/aws/lazy-client.ts";

it("a client is made at its first call, once", async () => {
  let made = 0;
  const { send } = lazyClient(() => {
    made += 1;
    return { send: async (command: string, options?: object) => ({ command, options, of: made }) };
  });
  expect(made).toBe(0);
  expect(await send("first", { patience: 1 })).toEqual({ command: "first", options: { patience: 1 }, of: 1 });
  expect(await send("second")).toEqual({ command: "second", options: undefined, of: 1 });
});
