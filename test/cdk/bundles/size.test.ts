import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { bundleFunctions, functionNames } from "../../../cdk/bundles.ts";
import { recordFigure } from "../../support/evidence.ts";
import { describeGrowth, readBundles, readRecord } from "./parts.ts";
import { measureUploads } from "./uploads.ts";

/** In bytes, a KB being 1,000 of them: what the customer's page waits for is held to less. */
const mostBytes = (name: string): number => (["list-connections", "get-connection"].includes(name) ? 230_000 : 270_000);

const folder = mkdtempSync(join(tmpdir(), "perch-bundles-"));
const { metafile } = await bundleFunctions(folder);
const bundles = readBundles(metafile);
afterAll(() => rmSync(folder, { recursive: true }));

it.each(["kms", "secrets-manager"])("no bundle is too large with %s as the token store", (tokenStore) => {
  const sizes = measureUploads(folder, tokenStore);
  // Only where there are secrets is there something to sweep.
  const deployed = functionNames().filter((name) => tokenStore === "secrets-manager" || name !== "sweep-secrets");
  expect([...sizes.keys()].toSorted()).toEqual(deployed);
  const record = readRecord();
  const tooLarge = [...sizes]
    .filter(([name, bytes]) => bytes > mostBytes(name))
    .map(([name, bytes]) => {
      const bundle = bundles.get(name);
      const growth = bundle === undefined ? [] : describeGrowth(bundle, record.get(name));
      return [
        `${name} has ${bytes} bytes, ${bytes - mostBytes(name)} too many; since it was recorded:`,
        ...growth,
      ].join("\n  ");
    });
  expect(tooLarge, tooLarge.join("\n")).toEqual([]);
  const claim = "No function's bundle has over 270 KB; what lists and gets connections has 230 KB at most";
  recordFigure(`largest bundle, ${tokenStore}`, Math.max(...sizes.values()) / 1_000, "KB", claim);
});
