import { operation as getPage } from "#generated/operations/get-page.js";
import { operation as getAsset } from "#generated/operations/get-page-asset.js";
import { byOperation } from "#shared/http/by-operation.ts";
import { endpoint } from "#shared/http/endpoint.ts";
import { acceptsGzip } from "#shared/http/gzip.ts";
import { problem } from "#shared/http/problem.ts";
import { neverStored } from "#shared/http/reply.ts";
import type { Log } from "#shared/log.ts";
import type { PageConfig } from "#web/config.ts";
import { contentSecurityPolicy, renderIndex } from "#web/document.ts";
import { type PageAssets, readPageAsset } from "./assets.ts";

export interface ServePageDependencies {
  readonly log: Log;
  readonly config: PageConfig;
  readonly assets: PageAssets;
}

/** GET /page and GET /page/assets/{file}: nothing of any customer. */
export const createHandler = ({ log, config, assets }: ServePageDependencies) => {
  const pageHeaders = {
    ...neverStored,
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": contentSecurityPolicy(config),
    // Finch's Connect wants to know the origin around it, and gets nothing but that.
    "referrer-policy": "strict-origin",
    "x-frame-options": "DENY",
  };

  return byOperation(
    [
      getPage,
      endpoint(getPage, log, ({ query }) => {
        const language = config.languages.find((each) => each === query.lang) ?? config.languages[0] ?? "en";
        return { statusCode: 200, headers: pageHeaders, body: renderIndex(config, assets.names, language) };
      }),
    ],
    [
      getAsset,
      endpoint(getAsset, log, ({ path, headers }) => {
        return readPageAsset(assets, path.file, acceptsGzip(headers)) ?? problem("unknown_path");
      }),
    ],
  );
};
