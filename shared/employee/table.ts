/** A table of numbers with room for at least so many: the same, or one of twice its length with what was in it. */
export const grown = (table: Int32Array<ArrayBuffer>, places: number): Int32Array<ArrayBuffer> => {
  if (places <= table.length) return table;
  const wider = new Int32Array(Math.max(places, table.length * 2));
  wider.set(table);
  return wider;
};

/** The same for signs of texts. Apart from it, since one function for both kinds costs reconciling four percent. */
export const grownSigns = (signs: Uint16Array<ArrayBuffer>, places: number): Uint16Array<ArrayBuffer> => {
  if (places <= signs.length) return signs;
  const wider = new Uint16Array(Math.max(places, signs.length * 2));
  wider.set(signs);
  return wider;
};
