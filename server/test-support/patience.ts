/** Imported for what it does: a limit for tests with real processes and sockets, far beyond what a busy machine needs. */
import { vi } from 'vitest'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })
