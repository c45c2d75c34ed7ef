import { describe, expect, it } from "vitest";
import { type FoundPython, findPython } from "../../local/stack/python.ts";

/** A machine with these programs and no other. */
const machine =
  (programs: Readonly<Record<string, Omit<FoundPython, "program">>>) =>
  async (program: string): Promise<FoundPython | undefined> => {
    const found = programs[program];
    return found && { program, ...found };
  };

const whole = { pipReachesOut: true, bringsPip: true };

describe("the Python for the emulated AWS", () => {
  it("is the first that is recent enough", async () => {
    const ask = machine({
      python3: { version: [3, 9], ...whole },
      "python3.12": { version: [3, 12], ...whole },
      "python3.11": { version: [3, 11], ...whole },
    });
    expect((await findPython(ask)).program).toBe("python3.12");
  });

  it("may have an old pip, or none, when it can bring one", async () => {
    const ask = machine({ python3: { version: [3, 10], pipReachesOut: false, bringsPip: true } });
    expect((await findPython(ask)).program).toBe("python3");
  });

  it.each([
    ["there is none", {}, /needs Python ≥ 3\.10, and there is none on PATH: install it\.$/],
    ["there is an old one", { python: { version: [3, 9], ...whole } }, /only 3\.9 is on PATH/],
    [
      "it cannot get packages",
      { python3: { version: [3, 12], pipReachesOut: false, bringsPip: false } },
      /without pip: install it \(on Debian and Ubuntu: apt install python3-pip python3-venv\)/,
    ],
  ] as const)("is asked for in a sentence when %s", async (_, programs, sentence) => {
    await expect(findPython(machine(programs as Parameters<typeof machine>[0]))).rejects.toThrow(sentence);
  });
});
