/** Every stage's templates, with the real bundles, as cfn-lint sees them: AWS's schemas and limits for each property. */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommand } from "../../local/stack/command.ts";
import { nodeEnvironment } from "../../local/stack/environments.ts";
import { lintRequirements, root } from "../../local/stack/places.ts";
import { preparePython } from "../../local/stack/python.ts";

/** What cfn-lint warns of and what stays so, with the reason. */
const ignored = {
  // The CDK writes `DependsOn` a function's role beside the reference to it: said twice, and harmless.
  W3005: "a dependency that a reference enforces already",
};

const folder = mkdtempSync(join(tmpdir(), "perch-templates-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let python: string;
beforeAll(async () => {
  python = await preparePython(lintRequirements, join(folder, "python.log"), AbortSignal.timeout(300_000));
}, 300_000);

/** What cfn-lint finds in these templates. */
const lint = (templates: readonly string[]): Promise<readonly { readonly Rule: { readonly Id: string } }[]> =>
  new Promise((resolve, reject) => {
    // As its own program calls it, which would look for its Python in the folder where pip put it first.
    const args = [
      "-c",
      "import sys, cfnlint.runner as r; sys.exit(r.main())",
      "--format",
      "json",
      "--ignore-checks",
      ...Object.keys(ignored),
      "--",
      ...templates,
    ];
    execFile(python, args, { maxBuffer: 2 ** 26 }, (error, output, told) => {
      // It ends with a code of its own when it finds something; without a list it has not looked.
      try {
        resolve(JSON.parse(output));
      } catch {
        reject(new Error(`cfn-lint could not be run: ${error?.message} ${told}`));
      }
    });
  });

const templatesIn = (assembly: string): string[] =>
  readdirSync(assembly)
    .filter((name) => name.endsWith(".template.json"))
    .map((name) => join(assembly, name));

const synthesise = async (stage: string, tokenStore: string): Promise<string> => {
  const assembly = join(folder, `${stage}-${tokenStore}`);
  const { context } = JSON.parse(readFileSync(join(root, "cdk.json"), "utf8"));
  await runCommand({
    title: "Synthesising the CDK app",
    program: process.execPath,
    args: ["--disable-warning=ExperimentalWarning", "cdk/app.ts"],
    cwd: root,
    env: nodeEnvironment({
      CDK_OUTDIR: assembly,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, stage, tokenStore }),
    }),
    log: `${assembly}.log`,
  });
  return assembly;
};

describe.each(["production", "sandbox", "local"])("cfn-lint on the stage %s", (stage) => {
  it.each(["kms", "secrets-manager"])("finds nothing, with the token store %s", async (tokenStore) => {
    const templates = templatesIn(await synthesise(stage, tokenStore));
    expect(templates).toHaveLength(stage === "local" ? 3 : 4);
    expect(await lint(templates)).toEqual([]);
  });
});

describe("cfn-lint", () => {
  it("finds a property that AWS does not have, and a value that it refuses", async () => {
    const template = join(folder, "planted.template.json");
    const Resources = {
      Queue: { Type: "AWS::SQS::Queue", Properties: { VisibilityTimeout: 50_000, Colour: "blue" } },
    };
    writeFileSync(template, JSON.stringify({ Resources }));
    const found = (await lint([template])).map(({ Rule }) => Rule.Id);
    expect(found.toSorted()).toEqual(["E3002", "E3034"]);
  });
});
