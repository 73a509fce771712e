import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { readEngineRun } from './engine-run.ts'

const imageOf = (line: string) => {
  const read = readEngineRun(line.split(' '))
  return read?.kind === 'image' ? read.image : read?.kind
}

test('the image is the first word that belongs to no option, in every way that options are written', () => {
  for (const line of [
    'docker run IMG',
    'docker run IMG --name evil other:tag',
    'docker run -i --rm IMG run',
    'docker container run --rm -i IMG',
    '/usr/bin/docker -H tcp://x:1 --context a run -it IMG x',
    'docker.exe --log-level=debug run IMG',
    'docker run -e TOKEN -e A=b --env C=d IMG',
    'docker run -eTOKEN -itv /a:/b -p8080:80 IMG',
    'docker run -i=true --rm=false --mount type=bind,src=/a,dst=/b IMG',
    'docker run --name run --entrypoint node --unheard-of=x -- IMG -- y',
    'docker run --env - --name --rm IMG',
    'podman run --rm -i --pull=always --tz local --secret s IMG',
  ])
    assert.equal(imageOf(line), 'IMG', line)
})

test('a word that could be read in two ways ends the reading', () => {
  for (const line of [
    'docker run --unheard-of IMG x',
    'docker run -Z IMG',
    'docker run -iZ IMG',
    'docker run --Name=x IMG',
    'docker run --',
    'docker run -e',
    'docker run --rm',
    'docker --unheard-of x run IMG',
    'podman --root /x run IMG',
    'podman run --rootfs /tmp/x',
    'podman run --rootfs=true /tmp/x',
    'podman run --pull IMG x',
  ])
    assert.equal(imageOf(line), 'unreadable', line)
})

test('what runs no image is left alone', () => {
  for (const line of ['docker', 'docker ps', 'docker image ls', 'docker container ls run', 'node run IMG'])
    assert.equal(readEngineRun(line.split(' ')), undefined, line)
})

test('what an engine starts without naming an image is called not held, with the reason', () => {
  for (const [line, why] of [
    ['docker compose -f x.yaml run --rm server', /compose file/u],
    ['docker-compose run server', /docker-compose are not read/u],
    ['docker exec -i time server', /exec names a container/u],
    ['docker --context c container start -ai time', /start names a container/u],
    ['docker create mcp/time', /only makes/u],
    ['docker mcp gateway run', /mcp starts/u],
    ['podman play kube x.yaml', /play starts/u],
    ['nerdctl run mcp/time', /nerdctl are not read/u],
    ['sudo docker run mcp/time', /behind sudo/u],
    ['env A=b podman run mcp/time', /behind env/u],
    ['sh -c docker\u00a0run\u00a0mcp/time', /behind sh/u],
  ] as const) {
    const read = readEngineRun(line.split(' '))
    assert.ok(read?.kind === 'unheld', line)
    assert.match(read.why, why, line)
  }
})

const option = fc.oneof(
  fc.constantFrom(['-i'], ['-it'], ['--rm'], ['--rm=true'], ['--init'], ['--', 'IMG'].slice(0, 0)),
  fc.tuple(fc.constantFrom('-e', '-v', '--name', '--network', '-iu', '--entrypoint'), fc.string({ maxLength: 8 })),
  fc.string({ maxLength: 8 }).map(value => [`--label=${value}`]),
)

test('no value of an option, however it looks, and no word behind the image is taken for it', () => {
  fc.assert(
    fc.property(fc.array(option, { maxLength: 6 }), fc.array(fc.string(), { maxLength: 4 }), (options, rest) => {
      const before = ['docker', 'run', ...options.flat()]
      assert.deepEqual(readEngineRun([...before, 'IMG', ...rest]), { kind: 'image', at: before.length, image: 'IMG' })
    }),
  )
})
