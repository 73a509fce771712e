import fc from 'fast-check'

/**
 * One seed for all checks: what they say of a commit is the same everywhere, every time. `npm run fuzz` takes new ones, and
 * says which one found something.
 */
fc.configureGlobal({ seed: Number(process.env['SALLYPORT_SEED'] ?? 1) })

export { default as fc } from 'fast-check'
