import type { AdvisorySnapshot } from './advisories.ts'

/** What everybody who runs MCP servers should know without a network: published flaws of this field's own packages. */
export const knownAdvisories: AdvisorySnapshot = {
  version: 1,
  takenAt: '2026-11-22T00:00:00.000Z',
  isComplete: false,
  advisories: [
    {
      ...{ id: 'CVE-2025-6514', ecosystem: 'npm', name: 'mcp-remote', vulnerable: '>=0.0.5 <0.1.16' },
      ...{
        severity: 'critical',
        summary: 'A hostile server runs commands through the address of its authorisation endpoint',
      },
    },
    {
      ...{ id: 'CVE-2025-49596', ecosystem: 'npm', name: '@modelcontextprotocol/inspector', vulnerable: '<0.14.1' },
      ...{
        severity: 'critical',
        summary: 'Any web page runs commands through the proxy, which asks nobody for a token',
      },
    },
    {
      ...{ id: 'CVE-2025-53109', ecosystem: 'npm', name: '@modelcontextprotocol/server-filesystem' },
      ...{ vulnerable: '<0.6.3 || >=2025.1.0 <2025.7.1', severity: 'high' },
      summary: 'A link inside an allowed folder leads out of it',
    },
    {
      ...{ id: 'CVE-2025-53110', ecosystem: 'npm', name: '@modelcontextprotocol/server-filesystem' },
      ...{ vulnerable: '<0.6.3 || >=2025.1.0 <2025.7.1', severity: 'high' },
      summary: 'A folder whose name begins like an allowed one is taken for it',
    },
    {
      ...{ id: 'CVE-2025-66414', ecosystem: 'npm', name: '@modelcontextprotocol/sdk', vulnerable: '<1.24.0' },
      ...{ severity: 'high', summary: 'Servers on loopback are open to web pages that rebind a name' },
    },
    {
      ...{ id: 'CVE-2025-53967', ecosystem: 'npm', name: 'figma-developer-mcp', vulnerable: '<0.6.3' },
      ...{ severity: 'high', summary: 'Arguments reach a shell when a download fails' },
    },
    {
      ...{ id: 'CVE-2025-53355', ecosystem: 'npm', name: 'mcp-server-kubernetes', vulnerable: '<2.5.0' },
      ...{ severity: 'high', summary: 'Arguments reach a shell' },
    },
    {
      ...{ id: 'postmark-mcp-backdoor', ecosystem: 'npm', name: 'postmark-mcp', vulnerable: '>=1.0.16' },
      ...{ severity: 'critical', summary: 'Sends a copy of every mail to its author' },
    },
    {
      ...{ id: 'CVE-2025-66416', ecosystem: 'pypi', name: 'mcp', vulnerable: '<1.23.0' },
      ...{ severity: 'high', summary: 'Servers on loopback are open to web pages that rebind a name' },
    },
    {
      ...{ id: 'CVE-2026-52869', ecosystem: 'pypi', name: 'mcp', vulnerable: '<1.27.2' },
      ...{ severity: 'high', summary: 'Whoever knows the id of a session speaks in it, with a token of their own' },
    },
    {
      ...{ id: 'CVE-2026-52870', ecosystem: 'pypi', name: 'mcp', vulnerable: '<1.27.2' },
      ...{ severity: 'high', summary: 'Authorisation is missing where it is needed' },
    },
    {
      ...{ id: 'CVE-2026-59950', ecosystem: 'pypi', name: 'mcp', vulnerable: '<1.28.1' },
      ...{ severity: 'high', summary: 'The WebSocket transport does not look at the origin' },
    },
    {
      ...{ id: 'CVE-2025-68143', ecosystem: 'pypi', name: 'mcp-server-git', vulnerable: '<2025.12.18' },
      ...{ severity: 'high', summary: 'Any folder can be made a repository' },
    },
    {
      ...{ id: 'CVE-2025-68144', ecosystem: 'pypi', name: 'mcp-server-git', vulnerable: '<2025.12.18' },
      ...{ severity: 'high', summary: 'Arguments reach git as options' },
    },
    {
      ...{ id: 'CVE-2025-68145', ecosystem: 'pypi', name: 'mcp-server-git', vulnerable: '<2025.12.18' },
      ...{ severity: 'high', summary: 'The folder that it was limited to is not enforced' },
    },
  ],
}
