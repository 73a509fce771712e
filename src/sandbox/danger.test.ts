import assert from 'node:assert/strict'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import { fc } from '../../test/property.ts'
import { dangerOfHost, dangerOfPath, dangerOfVariable, isInside } from './danger.ts'

const home = '/home/ann'

test(
  'folders that give away the machine or a whole home are refused, with a narrower one proposed',
  proves('P.files'),
  () => {
    const broad =
      '/ /etc /home /root /usr /var /tmp /proc /run /opt /srv /mnt /home/ann /home/bob /root/ /Users/ann'.split(' ')
    for (const path of broad)
      for (const access of ['read', 'write'] as const) {
        const danger = dangerOfPath(path, access, home)
        assert.ok(danger, path)
        assert.ok(danger.instead.length > 10, path)
      }
    assert.match(dangerOfPath('/home/ann', 'read', home)!.instead, /\/home\/ann\/project/u)
  },
)

test('ordinary projects are not refused', () => {
  for (const path of ['/home/ann/project', '/proj/app', '/tmp/x', '/srv/data/x', '/home/ann/.config/myapp', '/data'])
    for (const access of ['read', 'write'] as const) assert.equal(dangerOfPath(path, access, home), undefined, path)
  assert.equal(dangerOfPath('/usr/share/dict', 'read', home), undefined)
  assert.equal(dangerOfPath('/etc/hosts', 'read', home), undefined)
})

test('credentials, histories and keys are refused at any depth and in any case', () => {
  const secret = [
    '.ssh',
    '.ssh/id_rsa',
    '.SSH/id_rsa',
    '.aws/credentials',
    '.gnupg',
    '.kube/config',
    '.docker',
    '.netrc',
    '.npmrc',
    '.config',
    '.config/gcloud/x',
    '.local/share/keyrings',
    '.bash_history',
    '.claude',
    'Library/Keychains/login.keychain-db',
  ]
  for (const name of secret) {
    assert.ok(dangerOfPath(`/home/ann/${name}`, 'read', home), name)
    assert.ok(dangerOfPath(`/home/bob/${name}`, 'read', home), `${name} of another user`)
    assert.ok(dangerOfPath(`/opt/people/ann/${name}`, 'read', '/opt/people/ann'), `${name} in an unusual home`)
  }
  for (const path of ['/etc/shadow', '/etc/ssl/private/key.pem', '/etc/sudoers'])
    assert.ok(dangerOfPath(path, 'read', home))
})

test('what runs at the next login may be read but not written', () => {
  for (const name of ['.bashrc', '.zshrc', '.profile', '.config/autostart/x.desktop', '.local/bin', '.gitconfig']) {
    assert.ok(dangerOfPath(`${home}/${name}`, 'write', home), name)
    assert.equal(dangerOfPath(`${home}/${name}`, 'read', home), undefined, name)
  }
  assert.ok(dangerOfPath('/etc/cron.d/x', 'write', home))
  assert.ok(dangerOfPath('/usr/share/x', 'write', home))
})

test('sockets of container engines, key agents, message buses and desktops are refused wherever they lie', () => {
  const sockets = [
    '/var/run/docker.sock',
    '/home/ann/.docker/run/docker.sock',
    '/home/ann/x/podman.sock',
    '/srv/x/containerd.sock',
    '/home/ann/x/containerd',
    '/tmp/ssh-XXXX1234abcd/agent.1234',
    '/home/ann/S.gpg-agent',
    '/run/user/1000/bus',
    '/tmp/dbus-AbCdEf123',
    '/tmp/.X11-unix/X0',
    '/run/user/1000/wayland-0',
    '/proc/self/root',
    '/sys/fs/cgroup',
    '/dev/mem',
  ]
  for (const path of sockets) assert.ok(dangerOfPath(path, 'read', home), path)
})

test('patterns, relative parts, quotes and control characters are refused', () => {
  for (const path of [
    'relative',
    '/a/../b',
    '/a/./b',
    '/a/*',
    '/a/b?',
    '/a/[x]',
    '/a/{b,c}',
    '/a/"b',
    '/a/b\nc',
    '/a\0b',
    '/a\\b',
  ])
    assert.ok(dangerOfPath(path, 'read', home), JSON.stringify(path))
})

test('no spelling of a home root slips through', () => {
  fc.assert(
    fc.property(fc.nat(5), fc.constantFrom('/home/ann', '/root', '/Users/x', '/'), (slashes, root) => {
      assert.ok(dangerOfPath(root + '/'.repeat(slashes), 'read', home))
    }),
  )
})

test('variables that run code or name an agent are refused, others pass', () => {
  const bad = 'LD_PRELOAD LD_LIBRARY_PATH DYLD_INSERT_LIBRARIES NODE_OPTIONS BASH_ENV PYTHONSTARTUP SSH_AUTH_SOCK'
  for (const name of `${bad} DBUS_SESSION_BUS_ADDRESS DISPLAY DOCKER_HOST A=B 1A`.split(' ').concat('', 'A\nB', 'A B'))
    assert.ok(dangerOfVariable(name), name)
  for (const name of ['API_KEY', 'PATH', 'LANG', 'HTTPS_PROXY', 'LDAP_URL', 'x'])
    assert.equal(dangerOfVariable(name), undefined)
})

test('hosts are one name and one port; machine credentials and whole domains are refused', () => {
  for (const host of [
    'api.example.com',
    'api.example.com:8443',
    '*.example.com:443',
    'localhost:5432',
    '127.0.0.1:5432',
    '[::1]:80',
  ])
    assert.equal(dangerOfHost(host), undefined, host)
  const bad = [
    '169.254.169.254',
    '169.254.9.9:80',
    'metadata.google.internal:80',
    '100.100.100.200',
    '[fd00:ec2::254]:80',
  ]
  for (const host of [
    ...bad,
    '*',
    '*:443',
    '*.com:443',
    'a:0',
    'a:70000',
    'http://a',
    'a b',
    'a/b',
    'a@b',
    '',
    ':443',
    'a:',
    'a..b',
  ])
    assert.ok(dangerOfHost(host), host)
})

test('a folder holds itself and what is below it, not its neighbours', () => {
  assert.ok(isInside('/a/b', '/a') && isInside('/a', '/a') && isInside('/a', '/'))
  assert.ok(!isInside('/ab', '/a') && !isInside('/a', '/a/b'))
})
