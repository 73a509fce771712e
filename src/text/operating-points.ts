/**
 * Scores at which the model's word counts. The training scripts print the least ones that harmless documents allow; these
 * lie above them, because wordings of requests that no training text holds score higher (docs/detection.md). What is
 * `faint` counts only where the session bears it out.
 */
export const operatingPoints = {
  response: { faint: 1.5, ask: 2.8, block: 4.6 },
  description: { faint: 2.3, ask: 2.3, block: 3.5 },
} as const
