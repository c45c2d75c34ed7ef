import type { ExchangeReply, SessionEnding } from "../connection/session-ending.ts";
import { type PageContent, page } from "./page.ts";
import { html, type Reply, redirect } from "./reply.ts";

const words = (heading: string, ...paragraphs: string[]): PageContent => ({ title: heading, heading, paragraphs });

/**
 * Sends the browser back to the platform: to `return_url`, with what happened as a hint (the backend reads the session),
 * or to a page of our own where there is none. No page names a customer, and none names another one's connection.
 */
export const replyToEnding = (ending: SessionEnding): Reply => {
  const { sessionId, returnUrl, outcome, failureReason, connectionId } = ending;
  const failed = failureReason !== null;
  if (returnUrl !== null) return goBack(returnUrl, sessionId, failed ? "failed" : (outcome ?? "other"), connectionId);
  if (!failed) {
    return html(200, page(words("You are connected", "The connection is in place. You can close this window.")));
  }
  if (isTaken(failureReason)) {
    return html(
      409,
      page(
        words(
          "This account cannot be connected here",
          "It is already in use elsewhere, or there is no room for another one. Nothing was changed.",
          "Sign in with another account, or ask whoever sent you the link.",
        ),
      ),
    );
  }
  return html(
    400,
    page(
      words(
        "The connection was not made",
        "Nothing was changed, and payroll runs as usual.",
        "Go back to the application that you came from and connect again.",
      ),
    ),
  );
};

const isTaken = (reason: string): boolean =>
  reason === "connection_conflict" || reason === "customer_mismatch" || reason === "connection_limit";

/** Sends the browser back after it denied, closed or met an error in Connect. Its link still works. */
export const replyToNoCode = (
  session: { readonly sessionId: string; readonly returnUrl: string | null },
  status: "cancelled" | "failed",
): Reply => {
  if (session.returnUrl !== null) return goBack(session.returnUrl, session.sessionId, status, null);
  return html(
    200,
    page(
      words(
        status === "cancelled" ? "You did not connect" : "Something went wrong at the provider",
        "Nothing was changed.",
        "Open the link again to try once more, or close this window.",
      ),
    ),
  );
};

/** Says why a browser's return from Connect is not accepted. Nothing has been changed by it. */
export const replyToRefusal = ({ reason }: Extract<ExchangeReply, { status: "refused" }>): Reply => {
  switch (reason) {
    case "other_browser":
      return html(
        400,
        page(
          words(
            "Finish in the browser that you began with",
            "This connection was begun in another browser, or this one does not keep cookies. Nothing was changed.",
            "Open the link again in this browser, allow cookies for this site, and sign in once more.",
          ),
        ),
      );
    case "expired":
      return html(400, linkEnded());
    case "spent":
    case "unknown":
      return html(
        400,
        page(
          words(
            "This step is not valid any more",
            "It was used already or its address was changed on the way. Nothing was changed.",
            "Open the link from the application again.",
          ),
        ),
      );
  }
};

/** The page for a link that leads nowhere (any more). The same for all reasons, so that it tells a stranger nothing. */
export const replyToEndedLink = (): Reply => html(410, linkEnded());

const linkEnded = () =>
  page(
    words(
      "This link has ended",
      "It was used already, is too old, or is not complete. Nothing was changed.",
      "Ask for a new link in the application that you came from.",
    ),
  );

const secondsBetweenLooks = 3;

/** The page that waits for a slow exchange. It asks again without script. */
export const replyToPending = (): Reply =>
  html(
    200,
    page({
      ...words(
        "Almost there",
        "The provider is taking a little longer. This page goes on by itself.",
        "You can close it, too: the connection is finished without it.",
      ),
      refreshSeconds: secondsBetweenLooks,
    }),
  );

/** Sends the browser to the page that waits. */
export const goToPending = (sessionId: string): Reply => redirect(`/connect/pending/${sessionId}`);

const goBack = (returnUrl: string, sessionId: string, status: string, connectionId: string | null): Reply => {
  const url = new URL(returnUrl);
  url.searchParams.set("session_id", sessionId);
  url.searchParams.set("status", status);
  if (connectionId !== null) url.searchParams.set("connection_id", connectionId);
  return redirect(url.href, { status: 303 });
};
