// Asks ZooKeeper which scheduler leads a cluster.

/** `http://host:port` of the leading scheduler; undefined when none is registered. Throws when ZooKeeper is not there. */
export async function findLeader(cluster) {
  if (!cluster.zk) return cluster.scheduler_uri
  const base = `http://${cluster.zk}:${cluster.zk_port ?? 2181}${cluster.scheduler_zk_path}`
  const member = (await read(base))?.children.find((name) => name.startsWith('member_'))
  if (!member) return undefined
  const { host, port } = (await read(`${base}/${member}`)).data.additionalEndpoints.http
  return `http://${host}:${port}`
}

async function read(url) {
  const response = await fetch(url)
  return response.ok ? response.json() : undefined
}
