/** Calls of the emulated AWS as a principal of one's own, signed by hand: no SDK has clients for all that is tried. */
import { createHash, createHmac } from "node:crypto";
import { readStack } from "../stack.ts";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** A request of a service, before it is signed. */
export interface AwsRequest {
  /** The service's name in a signature, such as `dynamodb`. */
  readonly service: string;
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  readonly path?: string;
  /** Its parameters in the order of their names, encoded. */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Whoever deploys: the emulated account's root, whom it refuses nothing. */
export const root: Credentials = { accessKeyId: "test", secretAccessKey: "test" };

/** A request of a service that speaks JSON. `target` is its name and the operation, such as `TrentService.Decrypt`. */
export const json = (service: string, target: string, body: object): AwsRequest => ({
  service,
  headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": target },
  body: JSON.stringify(body),
});

const versions = { iam: "2010-05-08", sts: "2011-06-15", cloudformation: "2010-05-15" } as const;

/** A request of a service that speaks forms. */
export const form = (service: keyof typeof versions, action: string, fields: Record<string, string>): AwsRequest => ({
  service,
  headers: { "content-type": "application/x-www-form-urlencoded" },
  body: `${new URLSearchParams({ Action: action, Version: versions[service], ...fields })}`,
});

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** The headers of a request with its signature (AWS Signature Version 4). Its path holds nothing that needs encoding. */
const sign = (request: AwsRequest, host: string, region: string, credentials: Credentials): Record<string, string> => {
  const { service, method = "POST", path = "/", query = "", body = "" } = request;
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const headers: Record<string, string> = {
    ...request.headers,
    host,
    "x-amz-content-sha256": sha256(body),
    "x-amz-date": time,
    ...(sessionToken && { "x-amz-security-token": sessionToken }),
  };
  const names = Object.keys(headers).toSorted();
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join("");
  const canonical = [method, path, query, lines, names.join(";"), sha256(body)].join("\n");
  const day = time.slice(0, 8);
  const scope = `${day}/${region}/${service}/aws4_request`;
  const key = [region, service, "aws4_request"].reduce<Buffer>(hmac, hmac(`AWS4${secretAccessKey}`, day));
  const signature = hmac(key, ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n")).toString("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  return { ...headers, authorization };
};

/** What a service answers. */
export interface AwsAnswer {
  readonly status: number;
  readonly text: string;
}

/** Sends a request, whatever it is answered with. */
export const callAws = async (request: AwsRequest, credentials: Credentials): Promise<AwsAnswer> => {
  const { awsEndpoint, region } = readStack();
  const { method = "POST", path = "/", query, body } = request;
  const { host: _, ...headers } = sign(request, new URL(awsEndpoint).host, region, credentials);
  const response = await fetch(new URL(query === undefined ? path : `${path}?${query}`, awsEndpoint), {
    method,
    headers,
    ...(body !== undefined && { body }),
  });
  return { status: response.status, text: await response.text() };
};

/** Sends a request that is not to be refused, such as one of root's. @throws Error with the answer when it is. */
export const askAws = async (request: AwsRequest, credentials: Credentials = root): Promise<string> => {
  const { status, text } = await callAws(request, credentials);
  if (status >= 300) throw new Error(`${request.service} answered ${status}: ${text}`);
  return text;
};

/** The texts of an element in an answer that is XML. */
export const readElements = (xml: string, name: string): readonly string[] =>
  [...xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, "gs"))].map(([, text = ""]) => text);

const unknownCaller =
  /UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken|InvalidClientTokenId|ExpiredToken|InvalidAccessKeyId/;

/**
 * Whether the policies refused a request. What they let through may fail all the same, for what it asks.
 *
 * @throws Error when it was refused for its signature: nobody asked the policies then.
 */
export const isRefused = ({ text }: AwsAnswer): boolean => {
  if (unknownCaller.test(text)) throw new Error(`the caller was not known: ${text}`);
  return /AccessDenied|is not authorized to perform/.test(text);
};

/** Credentials for an hour of a function's role, as the emulated account's root may have them. */
export const assumeRole = async (roleArn: string): Promise<Credentials> => {
  const xml = await askAws(form("sts", "AssumeRole", { RoleArn: roleArn, RoleSessionName: "least-privilege" }));
  const read = (name: string) => {
    const [text] = readElements(xml, name);
    if (text === undefined) throw new Error(`AssumeRole answered without ${name}`);
    return text;
  };
  return {
    accessKeyId: read("AccessKeyId"),
    secretAccessKey: read("SecretAccessKey"),
    sessionToken: read("SessionToken"),
  };
};

/** The role of a function, by its folder under `functions/`, on the local stage. */
export const readRoleArn = async (folder: string): Promise<string> => {
  const path = `/2015-03-31/functions/perch-local-${folder}/configuration`;
  return JSON.parse(await askAws({ service: "lambda", method: "GET", path })).Role;
};
