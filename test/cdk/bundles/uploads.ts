import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Stack } from "aws-cdk-lib";
import { createStacks } from "../../../cdk/stacks.ts";
import { root } from "../support.ts";

interface Template {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: Readonly<Record<string, never>> }>
  >;
}

/**
 * How many bytes each function's code has as the CDK uploads it, before compression, on a stage for AWS with this token
 * store; by the functions' folders.
 */
export const measureUploads = (bundles: string, tokenStore: string): ReadonlyMap<string, number> => {
  const outdir = mkdtempSync(join(tmpdir(), "perch-cdk-"));
  try {
    const { context } = JSON.parse(readFileSync(join(root, "cdk.json"), "utf8"));
    const app = new App({
      ...{ outdir, analyticsReporting: false, builtinCloudFormationValidation: false },
      context: { ...context, stage: "sandbox", tokenStore },
    });
    createStacks(app, bundles);
    const assembly = app.synth();
    return new Map(
      app.node.children
        .filter((child) => Stack.isStack(child))
        .flatMap((stack) => {
          const { template } = assembly.getStackArtifact(stack.artifactId) as { readonly template: Template };
          return Object.values(template.Resources)
            .filter(({ Type }) => Type === "AWS::Lambda::Function")
            .map(({ Properties: { FunctionName, Code } = {} }): [string, number] => [
              String(FunctionName).replace("perch-sandbox-", ""),
              sizeOf(join(outdir, `asset.${String(Code?.["S3Key"]).replace(".zip", "")}`)),
            ]);
        }),
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
};

const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
