import { delimiter, dirname, join } from "node:path";
import { compileCache, root } from "./places.ts";

/** The account and region that the emulated AWS plays. */
export const account = "000000000000";
export const region = "us-east-1";

/** Programs run by this Node, whatever the machine's own is, and by the packages that the lock file names. */
const path = [dirname(process.execPath), join(root, "node_modules/.bin"), process.env["PATH"]]
  .filter((part) => part !== undefined)
  .join(delimiter);

/** What a program may need to know of the machine. Nothing else of the person's environment reaches the programs. */
const ofTheMachine = (): Record<string, string> => {
  const names = ["HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"];
  const known = names.map((name) => [name, process.env[name]]).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(known), PATH: path };
};

/**
 * The environment of the CDK: it sees the emulated AWS only. The person's own profiles, credentials and endpoints are left
 * out, and so is every file that could name them.
 */
export const cdkEnvironment = (endpoint: string): Record<string, string> => ({
  ...ofTheMachine(),
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_EC2_METADATA_DISABLED: "true",
  CDK_DISABLE_CLI_TELEMETRY: "true",
  CDK_DISABLE_VERSION_CHECK: "true",
  NODE_COMPILE_CACHE: compileCache,
  NO_COLOR: "1",
});

/** The environment of a Node program of this project. */
export const nodeEnvironment = (more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  ...ofTheMachine(),
  NODE_COMPILE_CACHE: compileCache,
  ...more,
});

/**
 * The emulator's environment. It hands its own on to every function, so it gets no more than it needs; with an
 * `AWS_ENDPOINT_URL` in it, even an empty one, the functions would look for AWS there.
 */
export const emulatorEnvironment = (
  port: number,
  folders: { readonly temporary: string; readonly state: string; readonly buckets: string },
): Record<string, string> => ({
  ...ofTheMachine(),
  TMPDIR: folders.temporary,
  GATEWAY_PORT: String(port),
  BIND_HOST: "127.0.0.1",
  MINISTACK_HOST: "127.0.0.1",
  STATE_DIR: folders.state,
  S3_DATA_DIR: folders.buckets,
  // Each request is judged by the policies of whoever signed it: a function by those of its role.
  AUTH: "true",
  PERSIST_STATE: "1",
  S3_PERSIST: "1",
  IOT_MTLS_ENABLED: "0",
  SFTP_ENABLED: "0",
  // Functions run as processes; a Docker that happens to be there is left alone.
  DOCKER_HOST: "unix:///nonexistent/docker.sock",
  PYTHONUNBUFFERED: "1",
});

/** The environment of pip: the person's settings (a mirror, a certificate) count, but not those that move the target. */
export const pipEnvironment = (): Record<string, string> => {
  const moved = new Set(["PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_NO_COMPILE", "PIP_REQUIRE_VIRTUALENV"]);
  return Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && !entry[0].startsWith("PYTHON") && entry[0] !== "VIRTUAL_ENV" && !moved.has(entry[0]),
    ),
  );
};
