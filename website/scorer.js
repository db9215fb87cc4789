/* How well a page fits to the words that are searched for. The pages of AT commands say the same once for each
   device, and the list of changes has every word: they stand behind those that explain. */
var Scorer = {
  score: ([name, title, anchor, description, score]) =>
    name.startsWith("reference/at-") || name === "CHANGELOG" ? score - 4 : score,
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
