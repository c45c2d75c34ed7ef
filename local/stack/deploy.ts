import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./command.ts";
import { type CallAws, unlessMissing } from "./emulated-aws.ts";
import { account, cdkEnvironment, region } from "./environments.ts";
import { type Places, root } from "./places.ts";

const dataStack = "perch-local-data";
const apiStack = "perch-local-api";
const rosterStack = "perch-local-rosters";

/** What was deployed last is noted in the emulated AWS itself: it is kept and lost together with the deployed things. */
const noteName = "/perch/local/deployed";

/** The data stack's outputs (`cdk/connection-data-stack.ts`). */
export interface StackOutputs {
  readonly ApiId: string;
  readonly UserPoolId: string;
  readonly BackendClientId: string;
  readonly Scopes: string;
  readonly FinchSecretArn: string;
  readonly TableName: string;
  readonly TokenKeyArn: string;
  readonly BusName: string;
}

/** Where to deploy. */
export interface Target {
  readonly places: Places;
  readonly endpoint: string;
  readonly callAws: CallAws;
  readonly signal: AbortSignal;
}

interface Parameter {
  readonly Parameter: { readonly Value: string };
}

/** Prepares the emulated account for the CDK, unless an earlier run did. Says whether there was something to do. */
export const bootstrap = async ({ places, endpoint, callAws, signal }: Target): Promise<boolean> => {
  const version = { Name: "/cdk-bootstrap/hnb659fds/version" };
  if ((await unlessMissing(callAws<Parameter>("ssm", "GetParameter", version))) !== undefined) return false;
  await runCdk({ places, endpoint, signal }, "bootstrap", "Preparing the emulated account", [
    `aws://${account}/${region}`,
  ]);
  return true;
};

/**
 * Deploys the assembly, unless just that is deployed.
 *
 * @returns the outputs, and whether there was something to do.
 */
export const deploy = async (
  { places, endpoint, callAws, signal }: Target,
  assemblyDigest: string,
): Promise<{ readonly outputs: StackOutputs; readonly changed: boolean }> => {
  const note = await unlessMissing(callAws<Parameter>("ssm", "GetParameter", { Name: noteName }));
  const deployed = note && JSON.parse(note.Parameter.Value);
  if (
    deployed?.assemblyDigest === assemblyDigest &&
    (await areComplete(endpoint, [dataStack, apiStack, rosterStack]))
  ) {
    return { outputs: deployed.outputs, changed: false };
  }
  const outputsFile = join(places.folder, "stack-outputs.json");
  rmSync(outputsFile, { force: true });
  await runCdk({ places, endpoint, signal }, "deploy", "The deployment", [
    "--all",
    "--app",
    places.assembly,
    "--method=direct",
    "--require-approval=never",
    "--outputs-file",
    outputsFile,
  ]);
  const outputs: StackOutputs = JSON.parse(readFileSync(outputsFile, "utf8"))[dataStack];
  rmSync(outputsFile);
  const value = JSON.stringify({ assemblyDigest, outputs });
  await callAws("ssm", "PutParameter", { Name: noteName, Value: value, Type: "String", Overwrite: true });
  return { outputs, changed: true };
};

const areComplete = async (endpoint: string, stackNames: readonly string[]): Promise<boolean> => {
  const states = await Promise.all(
    stackNames.map(async (StackName) => {
      const response = await fetch(endpoint, {
        method: "POST",
        headers: {
          authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/cloudformation/aws4_request, SignedHeaders=host, Signature=none`,
        },
        body: new URLSearchParams({ Action: "DescribeStacks", Version: "2010-05-15", StackName }),
      });
      return /<StackStatus>(\w+)</.exec(await response.text())?.[1];
    }),
  );
  return states.every((state) => state === "CREATE_COMPLETE" || state === "UPDATE_COMPLETE");
};

const runCdk = (
  { places, endpoint, signal }: Pick<Target, "places" | "endpoint" | "signal">,
  command: string,
  title: string,
  args: readonly string[],
): Promise<string> => {
  mkdirSync(places.nowhere, { recursive: true });
  return runCommand({
    title,
    program: process.execPath,
    args: [join(root, "node_modules/aws-cdk/bin/cdk"), command, "--no-notices", "--no-version-reporting", ...args],
    // Here is no cdk.json: there is nothing to synthesise a second time.
    cwd: places.nowhere,
    env: cdkEnvironment(endpoint),
    log: join(places.logs, `cdk-${command}.log`),
    signal,
  });
};
