/** Goes through Connect where an application embeds it, without a browser: reads what the last page posts to its parent. */
import { type Arrival, type Fetch, wrongArrival } from "./browse.ts";
import { type ConnectLogin, leaveConnect, walkThrough } from "./drive-connect.ts";

/** The frame that Finch's `@tryfinch/react-connect` opens. */
export type EmbeddedFrame = {
  /** The session's URL, or its id at the simulated Finch. */
  readonly at: { readonly connectUrl: string | URL } | { readonly sessionId: string; readonly finchUrl: string | URL };
  readonly state?: string | undefined;
  /** The origin of the page around the frame. */
  readonly hostUrl?: string | undefined;
  readonly fetch?: Fetch | undefined;
};

/** What the page around the frame receives. */
export type EmbeddedMessage =
  | { readonly name: string; readonly kind: "success"; readonly code: string; readonly state?: string }
  | { readonly name: string; readonly kind: "closed" }
  | {
      readonly name: string;
      readonly kind: "error";
      readonly error: { readonly shouldClose: boolean; readonly message: string; readonly type?: string };
    };

/**
 * Connects in a frame, and returns the code and the `state` that the page around it receives.
 *
 * @throws when there is no success; the message holds the last page's status, heading and problem.
 */
export const completeEmbedded = async (
  options: EmbeddedFrame & ConnectLogin,
): Promise<{ readonly code: string; readonly state: string | undefined }> => {
  const arrival = await walkThrough({ ...options, connectUrl: frameUrl(options) });
  const { message } = readResult(arrival);
  if (message.kind !== "success") throw wrongArrival("connect", arrival);
  return { code: message.code, state: message.state };
};

/** Presses "Deny and close" (`deny`) or "Simulate an error" (`error`), and returns the message. Throws as above. */
export const leaveEmbedded = async (options: EmbeddedFrame, action: "deny" | "error"): Promise<EmbeddedMessage> =>
  readResult(await leaveConnect(frameUrl(options), action, options.fetch ?? globalThis.fetch)).message;

/** The address of the frame, with what Finch's library adds to it. */
const frameUrl = ({ at, state, hostUrl = "https://app.example" }: EmbeddedFrame): URL => {
  const url = "connectUrl" in at ? new URL(at.connectUrl) : new URL("/authorize", at.finchUrl);
  if ("sessionId" in at) url.searchParams.set("session", at.sessionId);
  if (state !== undefined) url.searchParams.set("state", state);
  const added = { app_type: "spa", sdk_host_url: hostUrl, mode: "employer", sdk_version: "web-sdk-5.0.0" };
  for (const [name, value] of Object.entries(added)) url.searchParams.set(name, value);
  return url;
};

const readResult = (arrival: Arrival): { readonly message: EmbeddedMessage; readonly targetOrigin: string } => {
  const block = "page" in arrival ? /<script [^>]*id="result">([^<]*)</.exec(arrival.page.text)?.[1] : undefined;
  if (block === undefined) throw wrongArrival("post a message", arrival);
  return JSON.parse(block);
};
