/** Why a value may not stand in a permission document, and the narrower one to write in its place. */
export type Danger = { readonly why: string; readonly instead: string }

export type Access = 'read' | 'write'

/** Folders that belong to the system as a whole: naming one gives away the machine, whatever is meant by it. */
const systemRoots = new Set(
  '/ /bin /boot /dev /etc /home /lib /lib64 /media /mnt /opt /proc /root /run /sbin /srv /sys /tmp /usr /var'
    .concat(' /Applications /Library /System /Users /Volumes /private /private/etc /private/tmp /private/var')
    .concat(' /usr/local /usr/share /usr/lib /usr/bin /var/lib /var/log /var/run /var/tmp /var/spool /run/user')
    .split(' '),
)

/** Trees in which nothing at all may be declared: kernel interfaces, sockets, boot. */
const closedTrees = ['/proc', '/sys', '/dev', '/run', '/var/run', '/boot', '/private/var/run']

/** Trees that may be read file by file, never written. */
const readOnlyTrees = ['/etc', '/usr', '/bin', '/sbin', '/lib', '/lib64', '/System', '/Library', '/private/etc']

const secretFiles = ['/etc/shadow', '/etc/gshadow', '/etc/sudoers', '/etc/sudoers.d', '/etc/ssl/private', '/etc/ssh']

/** Below a home: credentials, keys, browsers' and shells' memories. */
const secretsAtHome = [
  '.ssh',
  '.gnupg',
  '.aws',
  '.azure',
  '.kube',
  '.docker',
  '.config',
  '.config/gcloud',
  '.config/gh',
  '.config/op',
  '.config/sallyport',
  '.local',
  '.local/share',
  '.local/share/keyrings',
  '.password-store',
  '.mozilla',
  '.netrc',
  '.npmrc',
  '.pypirc',
  '.git-credentials',
  '.vault-token',
  '.terraform.d',
  '.bash_history',
  '.zsh_history',
  '.python_history',
  '.node_repl_history',
  '.claude',
  '.claude.json',
  '.cursor',
  '.codex',
  '.gemini',
  'Library',
  'Library/Keychains',
  'Library/Application Support',
  'AppData',
]

/** Below a home: whatever is run, or believed, at the next login or by the next command. */
const startersAtHome = [
  '.bashrc',
  '.bash_profile',
  '.bash_login',
  '.profile',
  '.zshrc',
  '.zshenv',
  '.zprofile',
  '.inputrc',
  '.gitconfig',
  '.vimrc',
  '.config/autostart',
  '.config/systemd',
  '.config/fish',
  '.local/bin',
  'bin',
  'Library/LaunchAgents',
]

/** Names of sockets that hand over the machine, the keys or the desktop. Each folder step of a path is compared. */
const socketNames: readonly (readonly [RegExp, string])[] = [
  [/^(docker|podman|containerd|crio|buildkitd|dockershim|lxd|libvirt-sock)\.(sock|socket)$/u, 'the container engine'],
  [/^(docker|podman|containerd|libvirt|snapd|lxd)$/u, 'the container engine'],
  [/^(ssh-[A-Za-z0-9]{6,16}|agent\.[0-9]{1,10}|S\.gpg-agent.{0,12}|S\.scdaemon|ssh_auth_sock)$/u, 'the key agent'],
  [/^(dbus|dbus-[A-Za-z0-9]{6,16}|system_bus_socket|at-spi)$/u, 'the message bus (D-Bus)'],
  [/^(\.X11-unix|\.ICE-unix|wayland-[0-9]{1,3}|pipewire-[0-9]{1,3}|\.Xauthority)$/u, 'the desktop (X11, Wayland)'],
]

/** Why a literal absolute path is too broad or too dangerous to be given to a server; undefined when it may be. */
export function dangerOfPath(path: string, access: Access, home: string): Danger | undefined {
  const clean = path.replace(/\/+$/u, '') || '/'
  return (
    dangerOfSpelling(path) ??
    dangerOfSocket(clean) ??
    dangerOfTree(clean, access) ??
    dangerOfHome(clean, access, home) ??
    dangerOfProject(clean, access)
  )
}

function dangerOfSpelling(path: string): Danger | undefined {
  if (!path.startsWith('/')) return { why: 'is not an absolute path', instead: 'the whole path, from /' }
  if (path.length > 1024) return { why: 'is longer than 1024 characters', instead: 'a shorter path' }
  if (path.split('/').some(part => part === '..' || part === '.'))
    return { why: 'goes through . or ..', instead: 'the path it leads to, written out' }
  if (/[*?[\]{}]/u.test(path)) return { why: 'holds a pattern', instead: 'the one folder that holds what is meant' }
  if (/[\u0000-\u001f\u007f"\\]/u.test(path))
    return { why: 'holds a quote, backslash or control character', instead: 'a folder with a plain name' }
  return undefined
}

function dangerOfSocket(path: string): Danger | undefined {
  for (const part of path.split('/')) {
    const hit = socketNames.find(([name]) => name.test(part))
    if (hit && !path.startsWith('/usr/'))
      return { why: `leads to ${hit[1]}`, instead: 'a host rule (net.hosts) for the one service that is needed' }
  }
  return undefined
}

function dangerOfTree(path: string, access: Access): Danger | undefined {
  if (systemRoots.has(path))
    return { why: 'gives away a part of the whole system', instead: `one folder of your own, such as ${example(path)}` }
  if (closedTrees.some(tree => isInside(path, tree)))
    return { why: 'belongs to the kernel and to running services', instead: 'nothing: the sandbox has its own' }
  if (secretFiles.some(file => isInside(path, file)))
    return { why: 'holds credentials of the machine', instead: 'a secret reference in env' }
  if (access === 'write' && readOnlyTrees.some(tree => isInside(path, tree)))
    return { why: 'belongs to the system', instead: 'files.read, if the server only reads it' }
  return undefined
}

/** Names in a project that other programs run or believe. */
const startersInProject = /^\.(git|vscode|cursor|claude|idea|husky|devcontainer|mcp\.json|envrc|github)$/iu

function dangerOfProject(path: string, access: Access): Danger | undefined {
  const part = path.split('/').find(name => startersInProject.test(name))
  if (access === 'read' || part === undefined) return undefined
  return { why: `holds what other programs run (${part})`, instead: 'files.read, or a folder beside it' }
}

function dangerOfHome(path: string, access: Access, home: string): Danger | undefined {
  const root = homeRootOf(path, home)
  if (root === undefined) return undefined
  // Compared without case: on a Mac `.SSH` is the same folder.
  const inside = path.slice(root.length + 1).toLowerCase()
  if (inside === '') return { why: 'is a whole home folder', instead: `one project, such as ${root}/project` }
  if (secretsAtHome.some(name => isSecret(inside, name.toLowerCase())))
    return {
      why: 'holds credentials or private history',
      instead: `\${env:…} or \${file:…} in env, or one folder below`,
    }
  if (access === 'write' && startersAtHome.some(name => isInside(inside, name.toLowerCase())))
    return { why: 'is run at the next login or command', instead: `a folder of your own, such as ${root}/output` }
  return undefined
}

/** A whole secret folder and everything in it; of the big mixed ones (`.config`, `Library`) only the folder itself. */
function isSecret(inside: string, name: string): boolean {
  const isMixed = ['.config', '.local', '.local/share', 'library', 'library/application support'].includes(name)
  return isMixed ? inside === name : isInside(inside, name)
}

function homeRootOf(path: string, home: string): string | undefined {
  if (home !== '' && home !== '/' && isInside(path, home)) return home
  return /^(?:\/home\/[^/]+|\/Users\/[^/]+|\/root)(?=\/|$)/u.exec(path)?.[0]
}

function example(path: string): string {
  return path === '/' ? '/home/you/project' : `${path}/you/project`
}

/** Whether a path is a folder or lies below it. */
export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`)
}

/** Variables through which whoever sets them runs code in the server, or reaches an agent of the user. */
const dangerousNames: readonly (readonly [RegExp, string])[] = [
  [/^(LD_|DYLD_|GCONV_PATH$|GLIBC_TUNABLES$)/u, 'makes the loader run other code'],
  [/^(NODE_OPTIONS|NODE_PATH|BASH_ENV|ENV|PYTHONSTARTUP|PERL5OPT|PERL5LIB|RUBYOPT|JAVA_TOOL_OPTIONS)$/u, 'runs code'],
  [/^(SSH_AUTH_SOCK|SSH_AGENT_PID|GPG_AGENT_INFO)$/u, 'names the key agent'],
  [/^(DBUS_.{1,40}_BUS_ADDRESS|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|XDG_RUNTIME_DIR)$/u, 'names the desktop'],
  [/^(DOCKER_HOST|CONTAINER_HOST)$/u, 'names the container engine'],
]

/** Why a variable may not be given to a server. */
export function dangerOfVariable(name: string): Danger | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,127}$/u.test(name))
    return { why: 'is not a plain variable name', instead: 'letters, digits and _' }
  const hit = dangerousNames.find(([pattern]) => pattern.test(name))
  return hit && { why: hit[1], instead: 'an argument of the command, or nothing' }
}

/** Addresses at which clouds hand credentials to whoever asks from the machine. */
const metadata = new Set(
  '169.254.169.254 169.254.170.2 168.63.129.16 100.100.100.200 192.0.0.192 metadata.google.internal metadata'
    .concat(' [fd00:ec2::254] instance-data')
    .split(' '),
)

/** Why a `name:port` may not be given to a server. */
export function dangerOfHost(host: string): Danger | undefined {
  const [, name = '', port = ''] = /^(\[[0-9a-f:.]{2,45}\]|[^:]{1,253})(?::(\d{1,5}))?$/u.exec(host.toLowerCase()) ?? []
  if (name === '') return { why: 'is not name:port', instead: 'api.example.com:443' }
  if (port !== '' && (Number(port) < 1 || Number(port) > 65_535))
    return { why: 'has no such port', instead: `${name}:443` }
  if (metadata.has(name) || name.startsWith('169.254.'))
    return { why: "answers with the cloud machine's own credentials", instead: 'a secret reference in env' }
  if (name.startsWith('[') || /^[0-9.]+$/u.test(name)) return undefined
  const labels = name.replace(/^\*\./u, '').split('.')
  if (!labels.every(label => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/u.test(label)))
    return { why: 'is not a host name', instead: 'api.example.com:443' }
  if (name.startsWith('*.') && labels.length < 2)
    return { why: 'covers a whole top-level domain', instead: `*.example.${labels[0]}:443` }
  return undefined
}
