/** Says something to who uses a screen reader, after what is being said. The element is there from the start. */
export const announce = (words: string): void => {
  const polite = document.querySelector("#polite");
  if (polite === null || words === "") return;
  polite.textContent = "";
  setTimeout(() => {
    polite.textContent = words;
  }, 100);
};
