import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pageFiles } from "#generated/page-files.js";
import { readEnvironment, readOptionalVariable } from "#shared/aws/environment.ts";
import { log } from "#shared/aws/surroundings.ts";
import type { PageConfig } from "#web/config.ts";
import { collectAssets } from "./assets.ts";
import { createHandler } from "./handler.ts";

const env = readEnvironment("PAGE_CONFIG");
// The construct writes it from the stage's values, each of which has been read there.
const config: PageConfig = JSON.parse(env.PAGE_CONFIG);
/** A file that is deployed beside this one. */
const logoFile = readOptionalVariable("PAGE_LOGO");
const logo =
  logoFile === undefined
    ? undefined
    : {
        extension: logoFile.split(".").at(-1) ?? "",
        content: readFileSync(join(process.env["LAMBDA_TASK_ROOT"] ?? "", logoFile)),
      };

export const handler = createHandler({ log, config, assets: collectAssets(config, pageFiles, logo) });
