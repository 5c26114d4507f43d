/** What each architecture, here by the kernel's name for it (`uname -m`), is called elsewhere. */
export const architectures = {
  x86_64: { debian: 'amd64', docker: 'linux/amd64' },
  aarch64: { debian: 'arm64', docker: 'linux/arm64' },
  i686: { debian: 'i386', docker: 'linux/386' },
  ppc64le: { debian: 'ppc64el', docker: 'linux/ppc64le' },
  s390x: { debian: 's390x', docker: 'linux/s390x' },
}

export type Architecture = keyof typeof architectures
