import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPlaces, type Places } from "../../local/stack/places.ts";
import { prepareState } from "../../local/stack/saved-state.ts";

let places: Places;

/** What the emulator does when it stops: it saves, and seals what it saved. */
const saveAndSeal = (tables: string) => {
  mkdirSync(places.emulatorState, { recursive: true });
  writeFileSync(join(places.emulatorState, "dynamodb.json"), tables);
  const digest = createHash("sha256").update(tables).digest("hex");
  const seal = { saved_at_ns: performance.now(), sha256: { "dynamodb.json": digest } };
  writeFileSync(join(places.emulatorState, "seal.json"), JSON.stringify(seal));
};
const finchWrites = (state: string) => writeFileSync(places.finchState, state);
const read = () => ({
  tables: readFileSync(join(places.emulatorState, "dynamodb.json"), "utf8"),
  finch: readFileSync(places.finchState, "utf8"),
});

beforeEach(() => {
  places = createPlaces(mkdtempSync(join(tmpdir(), "perch-test-")));
});
afterEach(() => rmSync(places.folder, { recursive: true, force: true }));

describe("the state of a local stack", () => {
  it("is as it was left after a clean stop", () => {
    expect(prepareState(places)).toBe("anew");
    saveAndSeal("tables 1");
    finchWrites("finch 1");
    expect(prepareState(places)).toBe("as it was left");
    expect(read()).toEqual({ tables: "tables 1", finch: "finch 1" });
    saveAndSeal("tables 1");
    finchWrites("finch 2");
    expect(prepareState(places)).toBe("as it was left");
    expect(read()).toEqual({ tables: "tables 1", finch: "finch 2" });
  });

  it("begins anew when the first run was killed, with a Finch that knows nothing either", () => {
    prepareState(places);
    mkdirSync(places.emulatorState);
    finchWrites("finch 1");
    expect(prepareState(places)).toBe("anew");
    expect(existsSync(places.finchState)).toBe(false);
  });

  it("goes back to the last start when nothing was saved since: Finch must not know more than the tables", () => {
    saveAndSeal("tables 1");
    finchWrites("finch 1");
    prepareState(places);
    finchWrites("finch 2");
    expect(prepareState(places)).toBe("as it was at the last start");
    expect(read()).toEqual({ tables: "tables 1", finch: "finch 1" });
  });

  it.each([
    ["was torn by a stop cut short", () => writeFileSync(join(places.emulatorState, "dynamodb.json"), "half of ta")],
    ["lost a file", () => rmSync(join(places.emulatorState, "dynamodb.json"))],
    ["has no seal", () => rmSync(join(places.emulatorState, "seal.json"))],
    ["has a broken seal", () => writeFileSync(join(places.emulatorState, "seal.json"), "{")],
    ["is missing", () => rmSync(places.emulatorState, { recursive: true })],
  ])("goes back to the last start when the emulator's part %s", (_, damage) => {
    saveAndSeal("tables 1");
    finchWrites("finch 1");
    prepareState(places);
    saveAndSeal("tables 2");
    finchWrites("finch 2");
    damage();
    expect(prepareState(places)).toBe("as it was at the last start");
    expect(read()).toEqual({ tables: "tables 1", finch: "finch 1" });
  });
});
