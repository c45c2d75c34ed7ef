import type { SessionFailure, SessionOutcome } from "../connection/connect-session.ts";
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
  if (returnUrl !== null) return goBack(returnUrl, sessionId, statusOf(ending), connectionId);
  if (failureReason !== null) return replyToFailure(failureReason);
  return outcome === null ? replyToEndedLink() : html(200, page(completionWords(outcome)));
};

/** The word that `return_url` gets. A sign-in to another account is no failure of the account that was used. */
const statusOf = ({ outcome, failureReason }: SessionEnding): string => {
  if (failureReason !== null) return failureReason === "wrong_account" ? "other" : "failed";
  return outcome ?? "other";
};

const completionWords = (outcome: SessionOutcome): PageContent => {
  switch (outcome) {
    case "connected":
    case "known":
      return words("You are connected", "The connection is in place. You can close this window.");
    case "reconnected":
      return words("You are connected again", "The connection works again. You can close this window.");
    case "pending":
      return words(
        "Thank you",
        "You have signed in. The application that you came from takes a look at the connection before it is used.",
        "You can close this window.",
      );
  }
};

const replyToFailure = (reason: SessionFailure): Reply => {
  switch (reason) {
    case "connection_conflict":
    case "customer_mismatch":
    case "customer_deleting":
    case "connection_limit":
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
    case "wrong_account":
      return html(
        409,
        page(
          words(
            "That was another account",
            "You were asked to sign in again to a connection that is there already, and signed in to another account.",
            "Go back to the application that you came from, and use the same account as the first time.",
          ),
        ),
      );
    case "connection_disconnecting":
      return html(
        409,
        page(
          words(
            "This connection is being ended",
            "Somebody has asked for this account to be disconnected, and that is not finished yet.",
            "Wait a few minutes, go back to the application that you came from, and connect again.",
          ),
        ),
      );
    case "invalid_grant":
    case "token_lost":
    case "wrong_client_type":
    case "token_too_large":
    case "finch_refused":
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
  }
};

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
    case "other_holder":
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
      return html(400, page(linkEndedWords));
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
export const replyToEndedLink = (): Reply => html(410, page(linkEndedWords));

const linkEndedWords = words(
  "This link has ended",
  "It was used already, is too old, or is not complete. Nothing was changed.",
  "Ask for a new link in the application that you came from.",
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

const secondsBeforeAnotherTry = 5;

/**
 * The page for an exchange that could not be run, or died on the way. A reload brings the same code and `state` again: it
 * begins the exchange, waits for it, or shows how it ended.
 */
export const replyToNotRun = (): Reply =>
  html(
    503,
    page({
      ...words(
        "One moment, please",
        "There is more to do than usual, and your connection is not finished yet. This page goes on by itself.",
        "Keep it open until it does.",
      ),
      refreshSeconds: secondsBeforeAnotherTry,
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
