import type { Refuse } from "./operation.ts";
import { page } from "./page.ts";
import { html } from "./reply.ts";

/**
 * Words the endpoint's own refusals as pages, for operations that a browser opens.
 *
 * @public The generated operations import it.
 */
export const refuseWithPage: Refuse = (refusal) => {
  switch (refusal.code) {
    case "invalid_request":
      return html(
        400,
        page({
          title: "This link is not complete",
          heading: "This link is not complete",
          paragraphs: [
            "Some of its address is missing or was changed on the way. Open it again from where you got it, and take care to copy all of it.",
            "If that does not help, ask for a new link in the application that you came from.",
          ],
        }),
      );
    case "payload_too_large":
      return html(
        413,
        page({
          title: "Too much was sent",
          heading: "Too much was sent",
          paragraphs: ["Open the link again from the application that you came from."],
        }),
      );
    case "internal_error":
      return html(
        500,
        page({
          title: "Something went wrong",
          heading: "Something went wrong",
          paragraphs: [
            "This is not your fault. Wait a minute and open the link again.",
            "If it stays, ask for a new one.",
          ],
        }),
      );
  }
};
