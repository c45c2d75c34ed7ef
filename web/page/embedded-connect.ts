import { FinchConnect } from "@tryfinch/react-connect";

/** What came out of Connect, opened inside the page. */
export type EmbeddedEnd =
  | { readonly kind: "success"; readonly authorizationCode: string }
  | { readonly kind: "closed" }
  | { readonly kind: "failed" };

/** Where Connect is (an origin), what it is opened with, and how its frame is called for a screen reader. */
export interface EmbeddedStart {
  readonly connectUrl: string;
  readonly finchSessionId: string;
  readonly state: string;
  readonly title: string;
}

/** What Finch's SDK calls its messages and its frame. */
const messageName = "finch-auth-message-v2";
const frameId = "finch-connect-iframe";

const findFrame = (): HTMLIFrameElement | null => document.querySelector<HTMLIFrameElement>(`#${frameId}`);

/**
 * Opens Finch Connect over the page with Finch's own SDK. The SDK takes messages of every origin that begins like Connect's, so
 * they are looked at before it sees them: only Connect's exact origin, out of the very frame that was opened. A success counts
 * only with our `state`; any other is `failed`.
 */
export const openEmbedded = ({ connectUrl, finchSessionId, state, title }: EmbeddedStart): Promise<EmbeddedEnd> =>
  new Promise((resolve) => {
    const guard = (event: MessageEvent<unknown>) => {
      const { data } = event;
      if (typeof data !== "object" || data === null || !("name" in data) || data.name !== messageName) return;
      const frame = findFrame();
      if (event.origin === connectUrl && frame !== null && event.source === frame.contentWindow) return;
      event.stopImmediatePropagation();
    };
    // In the capturing phase, and before the SDK listens.
    window.addEventListener("message", guard, true);
    const end = (result: EmbeddedEnd) => {
      connect.destroy();
      window.removeEventListener("message", guard, true);
      resolve(result);
    };
    const connect = FinchConnect.initialize({
      apiConfig: { connectUrl: connectUrl },
      onSuccess: ({ code, state: returned }) =>
        end(returned === state ? { kind: "success", authorizationCode: code } : { kind: "failed" }),
      // While the frame is there, Connect itself says what is wrong and lets the customer try again.
      onError: () => {
        if (findFrame() === null) end({ kind: "failed" });
      },
      onClose: () => end({ kind: "closed" }),
    });
    connect.open({ sessionId: finchSessionId, state });
    const frame = findFrame();
    frame?.setAttribute("title", title);
    frame?.focus();
  });
