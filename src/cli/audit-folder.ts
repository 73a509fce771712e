import { join } from 'node:path'
import { loadConfig } from '../config/load.ts'
import { stateFolder } from '../gateway/state-folder.ts'
import { guards } from '../guards/index.ts'
import { configFiles } from './find-config.ts'

/** Where a gateway with this configuration keeps its record. A configuration with mistakes must not hide the record. */
export async function auditFolder(config?: string): Promise<string> {
  const files = configFiles(config)
  const loaded = files.length === 0 ? undefined : await loadConfig(files, guards)
  const named = loaded?.ok === true ? loaded.config.audit.folder : ''
  return named === '' ? join(stateFolder(), 'audit') : named
}
