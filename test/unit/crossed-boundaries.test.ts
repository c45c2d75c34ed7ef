import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { boundariesFile, cruise, root } from "../support/cruise.ts";

/** For each rule, files that break it; the first one is what the rule must name. */
const planted: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "domain-knows-no-vendor": { "shared/connection/vendor.ts": 'import "../dynamodb/keys.ts";' },
  "adapters-do-not-meet": { "shared/kms/meeting.ts": 'import type { Key } from "../dynamodb/keys.ts";' },
  "finch-credentials-takes-a-type": { "shared/secrets-manager/finch-credentials.ts": 'import "../finch/finch.ts";' },
  "functions-are-islands": { "functions/one/bridge.ts": 'import "../two/handler.ts";' },
  "handlers-know-no-vendor": { "functions/one/handler.ts": 'import "#shared/dynamodb/keys.ts";' },
  "handlers-reach-no-sdk": {
    "functions/two/handler.ts": 'import "#shared/http/detour.ts";',
    "shared/http/detour.ts": 'import "@aws-sdk/client-kms";',
  },
  "sdk-in-adapters-and-index": { "shared/finch/finch.ts": 'import "@aws-sdk/client-kms";' },
  "finch-is-asked-with-leave": {
    "functions/one/index.ts": 'import "#shared/finch/transport.ts";',
    "shared/finch/transport.ts": "",
  },
  "middy-in-endpoint": { "shared/http/second-endpoint.ts": 'import "@middy/core";' },
  "runtime-stands-alone": { "shared/aws/tool.ts": 'import "../../local/tool.ts";', "local/tool.ts": "" },
  "runtime-needs-no-development-package": { "shared/aws/tooling.ts": 'import "ajv";' },
  "cdk-is-a-leaf": { "local/deploys.ts": 'import "../cdk/stack.ts";' },
  "cdk-deploys-files": { "cdk/stack.ts": 'import "../shared/dynamodb/keys.ts";' },
  "simulated-finch-stands-alone": { "local/finch/borrows.ts": 'import "../../shared/dynamodb/keys.ts";' },
  "page-stands-alone": { "web/api/borrowed.ts": 'import "../../shared/dynamodb/keys.ts";' },
  "page-runs-in-a-browser": { "web/parts/server-side.ts": 'import "node:fs";' },
  "runtime-takes-the-document": { "shared/aws/page-parts.ts": 'import "../../web/parts/server-side.ts";' },
  "tests-are-not-imported": { "local/tested.ts": 'import "../test/support.ts";', "test/support.ts": "" },
  "no-cycles": { "shared/aws/egg.ts": 'import "./hen.ts";', "shared/aws/hen.ts": 'import "./egg.ts";' },
  "no-orphans": { "shared/dynamodb/left-over.ts": "export const leftOver = true;" },
  "no-unresolvable": { "shared/aws/lost.ts": 'import "./nowhere.ts";' },
};

it("each boundary is seen when it is crossed", { timeout: 180_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "perch-boundaries-"));
  try {
    for (const file of [boundariesFile, "package.json", "tsconfig.json"]) cpSync(join(root, file), join(folder, file));
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    const files = Object.assign({ "shared/dynamodb/keys.ts": "export type Key = string;" }, ...Object.values(planted));
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), `${text}\n`);
    }
    const { violations } = await cruise(folder);
    const seen = violations.map(({ rule, from }) => `${rule.name}: ${from}`);
    const expected = Object.entries(planted).map(([rule, broken]) => `${rule}: ${Object.keys(broken)[0]}`);
    expect(seen).toEqual(expect.arrayContaining(expected));
    const { forbidden } = createRequire(import.meta.url)(join(root, boundariesFile));
    expect(Object.keys(planted).toSorted()).toEqual(forbidden.map(({ name }: { name: string }) => name).toSorted());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
