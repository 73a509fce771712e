/**
 * Scores at which the model's word counts. The training scripts print the least ones that harmless documents allow; these
 * lie above them, because wordings of requests that no training text holds score higher (docs/detection.md). From
 * `aimed` on a sentence counts that orders a deed and names its aim, from `turned` on one is blocked that turns to an
 * assistant; what is `faint` counts only where the session bears it out.
 */
export const operatingPoints = {
  response: { faint: 1.5, aimed: 2, ask: 2.7, turned: 3.2, block: 4 },
  description: { faint: 2.3, aimed: 2.3, ask: 2.3, turned: 3.4, block: 3.4 },
} as const
