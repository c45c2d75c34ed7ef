import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { PageSettings } from "../config.ts";
import type { PageModel } from "../page/create-page.ts";
import type { PageState } from "../page/state.ts";
import type { Words } from "../words.tsx";

/** What every part of the page needs. */
export interface Everything {
  readonly words: Words;
  readonly settings: PageSettings;
  readonly page: PageModel;
  readonly state: PageState;
}

/** Where the parts find it. */
export const PageContext = createContext<Everything | null>(null);

/**
 * What every part of the page needs.
 *
 * @throws Error outside of the page.
 */
export const usePage = (): Everything => {
  const everything = useContext(PageContext);
  if (everything === null) throw new Error("A part of the page is outside of it.");
  return everything;
};
