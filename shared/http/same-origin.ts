import type { ValidRequest } from "./operation.ts";

/**
 * Whether a request comes from a page of this deployment itself. A browser says so in headers that no script can write
 * (`Origin`, RFC 6454; `Sec-Fetch-Site`, Fetch Metadata): what changes something must have the exact `Origin` and be JSON,
 * which no form can send; what reads must not be said to come from elsewhere.
 *
 * @param publicUrl where browsers reach this deployment.
 */
export const isFromPage = (
  { method, headers }: Pick<ValidRequest<unknown, unknown, unknown>, "method" | "headers">,
  publicUrl: string,
): boolean => {
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin") return false;
  if (method === "GET") return headers["origin"] === undefined || headers["origin"] === publicUrl;
  return headers["origin"] === publicUrl && /^application\/json\s*(?:;|$)/i.test(headers["content-type"] ?? "");
};
