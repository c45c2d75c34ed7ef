import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Loader, Plugin } from "esbuild";

const root = join(import.meta.dirname, "..");

/** What a function never reaches in the SDK, by how it is imported, and what stands in for it; each file says why. */
const standIns: readonly { readonly imported: RegExp; readonly file: string }[] = [
  { imported: /^@aws-sdk\/credential-provider-node$/, file: "credential-provider.ts" },
  { imported: /^@aws-sdk\/middleware-endpoint-discovery$/, file: "endpoint-discovery.ts" },
  { imported: /^@smithy\/core\/event-streams$/, file: "event-streams.ts" },
  { imported: /\/loadSharedConfigFiles$/, file: "config-files.ts" },
  { imported: /\/getInstanceMetadataRegion$/, file: "instance-metadata.ts" },
  { imported: /^\.\/Sha256Js$/, file: "software-sha256.ts" },
  { imported: /\/DefaultRateLimiter$/, file: "rate-limiter.ts" },
  { imported: /\/sdk-stream-mixin\.browser$/, file: "web-stream.ts" },
];

/** Takes out of the AWS SDK what keeps esbuild from leaving out the rest of it: a client is then what its commands need. */
export const leanSdk: Plugin = {
  name: "lean-sdk",
  setup(build) {
    for (const { imported, file } of standIns) {
      build.onResolve({ filter: imported }, () => ({ path: join(root, "shared/aws/stand-ins", file) }));
    }
    // The document client's package does not say that its modules have no side effects, as all others do.
    build.onResolve({ filter: /./ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
      const isDocumentClient = path === "@aws-sdk/lib-dynamodb" || importer.includes("/@aws-sdk/lib-dynamodb/");
      if (pluginData === resolving || !isDocumentClient) return undefined;
      return {
        ...(await build.resolve(path, { importer, resolveDir, kind, pluginData: resolving })),
        sideEffects: false,
      };
    });
    const change = (filter: RegExp, loader: Loader, toContents: (text: string) => string) =>
      build.onLoad({ filter }, ({ path }) => ({ contents: toContents(readFileSync(path, "utf8")), loader }));
    const caught = findCaughtExceptions();
    change(/\/@aws-sdk\/client-[^/]+\/dist-es\/schemas\/schemas_0\.js$/, "js", (text) =>
      keepExceptions(spellOutKeys(text), caught),
    );
    change(/\/@aws-sdk\/client-[^/]+\/package\.json$/, "json", keepVersion);
    change(/\/util-endpoints\/lib\/aws\/partitions\.js$/, "js", dropRegions);
  },
};

const resolving = Symbol("resolving");

/**
 * Puts strings in where a schema names the keys of its traits by constants, `{ [_hH]: … }`: of those, esbuild cannot tell
 * that they have no side effect, and keeps the schemas of all operations for it (45 KB in Lambda's client).
 */
export const spellOutKeys = (schemas: string): string => {
  const strings = new Map([...schemas.matchAll(/^const (\w+) = (".*");$/gm)].map(([, name, value]) => [name, value]));
  return schemas.replaceAll(/\[(\w+)\]:/g, (key, name) => (strings.has(name) ? `${strings.get(name)}:` : key));
};

/**
 * Leaves out the registration of each exception that is not in `caught`: its class and its schema go then. Should it be
 * answered all the same, the SDK throws its service's base exception with the same name, message and status, by which it
 * also decides what to try again; only fields of its own are missing.
 */
export const keepExceptions = (schemas: string, caught: ReadonlySet<string>): string =>
  schemas.replaceAll(/^n0_registry\.registerError\(\w+\$, (\w+)\);$/gm, (registration, name) =>
    caught.has(name) ? registration : "",
  );

/** The names of all exceptions that the runtime's code mentions. */
const findCaughtExceptions = (): ReadonlySet<string> =>
  new Set(
    globSync("{functions,shared}/**/*.ts", { cwd: root }).flatMap(
      (file) => readFileSync(join(root, file), "utf8").match(/\b[A-Z]\w*Exception\b/g) ?? [],
    ),
  );

/**
 * Leaves out the regions of AWS's partitions (3 KB of their names): that of a function is found by its partition's pattern,
 * and the entry of each adds nothing but a description.
 */
export const dropRegions = (partitions: string): string =>
  partitions.replaceAll(/"regions": \{(?:\s*"[\w-]+": \{\s*"description": "[^"]*"\s*\},?)*\s*\}/g, '"regions": {}');

/** A client's version, which it reads for its user agent, without the rest of its package.json. */
const keepVersion = (manifest: string): string => JSON.stringify({ version: JSON.parse(manifest).version });
