import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { figuresVariable, readFigures } from "../../../local/evidence/figure.ts";
import { recordFigure } from "../../support/evidence.ts";

const claim = "No forged webhook is accepted";
const command = "npm run nightly -- test/unit/evidence/record-figure.test.ts";
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "figures-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

it("a figure that a test counts is read with its claim and the command that shows it again", () => {
  vi.stubEnv(figuresVariable, folder);
  recordFigure("forged webhooks sent", 3, "webhooks", claim);
  recordFigure("forged webhooks sent", 12_000, "webhooks", claim);
  recordFigure("claims", 2, "claims", "A claim is made once");
  expect(readFigures(folder)).toMatchObject([
    { name: "claims", value: 2, unit: "claims", claim: "A claim is made once", command },
    { name: "forged webhooks sent", value: 12_000, unit: "webhooks", claim, command },
  ]);
});

it("a figure goes nowhere when nobody collects it", () => {
  vi.stubEnv(figuresVariable, "");
  recordFigure("forged webhooks sent", 3, "webhooks", claim);
  expect(readFigures(folder)).toEqual([]);
  expect(readFigures(join(folder, "not-there"))).toEqual([]);
});
