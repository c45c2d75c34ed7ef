import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

/** The rules of WCAG 2.0 to 2.2, A and AA, and what axe recommends beside them. */
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe finds wrong with the page as it is now. */
export const findBarriers = async (page: Page): Promise<readonly string[]> => {
  const { violations } = await new AxeBuilder({ page }).withTags(rules).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")} ${failureSummary ?? ""}`),
  );
};

/** What does not fit: sideways scrolling, targets below 24 px, and text or controls that are cut off. */
export const findLayoutFaults = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const faults: string[] = [];
    const { scrollWidth } = document.documentElement;
    if (scrollWidth > innerWidth) faults.push(`scrolls sideways: ${scrollWidth} > ${innerWidth}`);
    const scope = document.querySelector("dialog[open]") ?? document;
    const named = (element: Element) => (element.textContent ?? "").trim().slice(0, 40);
    for (const element of scope.querySelectorAll("button, a, select, input")) {
      const target = element.matches(".opt input, .checks input, .chips input") ? element.closest("label") : element;
      const box = (target ?? element).getBoundingClientRect();
      if (element.matches(".skip") || box.width === 0) continue;
      if (box.width < 24 || box.height < 24) faults.push(`small target: ${named(element)}`);
      if (box.left < -1 || box.right > innerWidth + 1) faults.push(`outside of the view: ${named(element)}`);
    }
    for (const element of scope.querySelectorAll(".btn, .state, h1, h2, h3, h4, p, dd")) {
      if (!element.checkVisibility() || element.matches(".sr") || element.clientWidth === 0) continue;
      if (getComputedStyle(element).display === "inline") continue;
      if (element.scrollWidth > element.clientWidth + 1) faults.push(`overflows: ${named(element)}`);
    }
    return faults;
  });

/** Writes down what the browser complains about: errors in the console, scripts that throw, dialogs that a name has opened. */
export const collectComplaints = (page: Page): readonly string[] => {
  const complaints: string[] = [];
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("dialog", (dialog) => {
    complaints.push(`a script ran: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return complaints;
};
