/** `npm run synth`: the CDK app's templates in `cdk.out/`; needs no account. Arguments go to the CDK: `-- -c stage=sandbox`. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { compileCache, root } from "./stack/places.ts";

const run = (args: readonly string[]): number =>
  spawnSync(process.execPath, args, {
    cwd: root,
    stdio: "inherit",
    env: {
      ...process.env,
      NODE_OPTIONS: "--disable-warning=ExperimentalWarning",
      NODE_COMPILE_CACHE: compileCache,
      CDK_DISABLE_CLI_TELEMETRY: "true",
    },
  }).status ?? 1;

const cdk = [join(root, "node_modules/aws-cdk/bin/cdk"), "synth", "--quiet", "--no-notices", "--no-version-reporting"];
process.exit(run(["local/generate.ts"]) || run([...cdk, ...process.argv.slice(2)]));
