import type { ApprovalPort } from '../core/port.ts'

/** The approver of a gateway that has none: every question is answered with no, at once, and says why. */
export const nobody: ApprovalPort = {
  ask: async () => ({ kind: 'nobody', why: 'no approver is configured' }),
}
