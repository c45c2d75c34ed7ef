import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./command.ts";
import { nodeEnvironment } from "./environments.ts";
import type { TokenStoreName } from "./options.ts";
import { type Places, root } from "./places.ts";

/** What differs from one local deployment to another. */
export interface LocalStage {
  readonly publicUrl: string;
  readonly finchUrl: string;
  readonly tokenStore: TokenStoreName;
  /** In percent; Finch's limits, if left out. */
  readonly finchShare?: number | undefined;
  /** How the connections page opens Connect; as a stage does that says nothing of it, if left out. */
  readonly pageMode?: PageMode | undefined;
}

/** The ways in which the connections page opens Connect (`cdk/page-settings.ts`). */
export type PageMode = "redirect" | "embedded";

/**
 * Makes what the OpenAPI document implies, then the CDK app's assembly.
 *
 * @returns a digest of all that would be deployed.
 * @throws Refusal when the app cannot be synthesised.
 */
export const synthesise = async (places: Places, stage: LocalStage, signal: AbortSignal): Promise<string> => {
  const node = (title: string, script: string, log: string, more: Record<string, string> = {}) =>
    runCommand({
      title,
      program: process.execPath,
      args: ["--disable-warning=ExperimentalWarning", script],
      cwd: root,
      env: nodeEnvironment(more),
      log: join(places.logs, log),
      signal,
    });
  if (existsSync(join(root, "local/generate.ts"))) {
    await node("Generating from docs/openapi.yaml", "local/generate.ts", "generate.log");
  }
  rmSync(places.assembly, { recursive: true, force: true });
  // The CDK's own program would pass the context just so, and take a second more.
  await node("Synthesising the CDK app", "cdk/app.ts", "synth.log", {
    CDK_OUTDIR: places.assembly,
    CDK_CONTEXT_JSON: JSON.stringify({ ...samplePlatform, ...readCdkContext(), ...toContext(stage) }),
  });
  return digestAssembly(places.assembly);
};

/** Whose connections page it is, unless `cdk.json` says so: a platform that there is not. */
const samplePlatform = { pagePlatform: "Harbor Benefits", pageAccent: "#1f5a4c" };

/** The context that makes the CDK app this local deployment. */
const toContext = ({ publicUrl, finchUrl, tokenStore, finchShare, pageMode }: LocalStage): Record<string, string> => ({
  stage: "local",
  publicUrl,
  finchUrl,
  tokenStore,
  ...(finchShare === undefined ? {} : { finchShare: `${finchShare}` }),
  ...(pageMode === undefined ? {} : { pageMode }),
  // A platform's own application on this machine, as most frameworks start it.
  returnOrigins: `${publicUrl},http://localhost:3000`,
});

const readCdkContext = (): Record<string, unknown> =>
  JSON.parse(readFileSync(join(root, "cdk.json"), "utf8")).context ?? {};

/** The templates and the lists of assets, which name each asset by its own digest. */
const digestAssembly = (assembly: string): string => {
  const digest = createHash("sha256");
  const names = readdirSync(assembly).filter((name) => /\.(template|assets)\.json$/.test(name));
  for (const name of names.toSorted()) digest.update(name).update(readFileSync(join(assembly, name)));
  return digest.digest("hex");
};
