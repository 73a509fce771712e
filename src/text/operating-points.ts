/**
 * Scores at which the model's word counts. the training scripts print the least ones that harmless documents allow; these
 * lie above them, because wordings of requests that no training text holds score higher (docs/detection.md).
 */
export const operatingPoints = {
  response: { ask: 2.7, block: 4.4 },
  description: { ask: 2.3, block: 3.5 },
} as const
