/** A disconnect of a connection of which one token does not open: the others are tried, and somebody hears of it. */
import { describe, expect, it } from "vitest";
import type { Sealed, TokenContext } from "#shared/connection/ports.ts";
import { createStage, disconnected, expectUntouched, invalid, type Stage } from "./disconnect-setting.ts";

describe("a token that does not open", () => {
  const withBroken = (stage: Stage, broken: Sealed) => ({
    ...stage.deps,
    vault: {
      ...stage.deps.vault,
      open: (sealed: Sealed, context: TokenContext) =>
        JSON.stringify(sealed) === JSON.stringify(broken)
          ? Promise.reject(new Error("the ciphertext does not open"))
          : stage.vault.open(sealed, context),
    },
  });
  const newestOf = ({ memory }: Stage) => [...memory.tokens.values()].at(-1)?.sealed ?? expect.fail();

  it("leaves it to the others to end the connection", async () => {
    const stage = await createStage({ tokens: 3 });
    stage.finch.willAnswerDisconnect(invalid, disconnected);
    expect(await stage.drive(withBroken(stage, newestOf(stage)))).toBe("confirmed");
    expect([stage.asked(), stage.destroyed.length]).toEqual([2, 3]);
  });

  it("is heard of when the others do not end it, and the next attempt is due", async () => {
    const stage = await createStage({ tokens: 2 });
    stage.finch.willAnswerDisconnect(invalid);
    await expect(stage.drive(withBroken(stage, newestOf(stage)))).rejects.toThrow("does not open");
    await expectUntouched(stage, 2);
    expect((await stage.stored())?.disconnect?.attempts).toBe(1);
    // It opens again: all have been tried, and Finch knows none.
    stage.finch.willAnswerDisconnect(invalid, invalid);
    expect(await stage.drive()).toBe("confirmed");
  });
});
