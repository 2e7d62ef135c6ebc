// kube makes pieces of Kubernetes objects that several components need. It knows no component.
{
  // platforms says whose a thing is that stands in no namespace of ours.
  platforms:: { owner: 'platform', project: 'platform' },

  // object is an object; without a namespace it is one of the cluster's.
  object(apiVersion, kind, name, namespace=null, rest={}):: {
    apiVersion: apiVersion,
    kind: kind,
    metadata: { name: name, [if namespace != null then 'namespace']: namespace },
  } + rest,

  // kept are the annotations of what goes with its data: it stays where it is when it goes from Git, or its Application
  // does, and makes nothing OutOfSync by that.
  kept:: {
    'argocd.argoproj.io/compare-options': 'IgnoreExtraneous',
    'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
  },

  // resources limits memory and not cpu: beyond its request a container may use what nobody else wants.
  resources(cpu, memory, limit):: { requests: { cpu: cpu, memory: memory }, limits: { memory: limit } },

  // critical is the priority of pods that the platform itself hangs on, in whatever namespace, and criticalEach of those on every
  // machine, which alone serve what runs there; whyCritical says so in values. Capabilities say what hangs on them, and what a
  // component does besides says about.vital.
  critical:: 'system-cluster-critical',
  criticalEach:: 'system-node-critical',
  whyCritical:: 'Where the machines are full, pods that nothing hangs on make room for these.',

  // confined are the settings of a container that needs no rights at all.
  confined:: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },

  // user is who the containers of a pod run as, where the image names nobody or root.
  user(id):: { runAsNonRoot: true, runAsUser: id, runAsGroup: id, seccompProfile: { type: 'RuntimeDefault' } },

  // machines counts the machines of a cluster that take any pod: its workers, or all where none is called so. It is 0
  // where the spec names no machines, and has no profile that says how many there are.
  machines(cluster)::
    local workers = [node for node in cluster.nodes if std.member(std.get(node, 'roles', []), 'worker')];
    if 'machines' in cluster then cluster.machines
    else std.length(if workers != [] then workers else cluster.nodes),

  // fitting is how many of something fit on a cluster, each on a machine of its own: n, unless there are fewer machines.
  fitting(cluster, n):: if $.machines(cluster) > 0 then std.min($.machines(cluster), n) else n,

  // from are all pods of namespaces, as the rules of a NetworkPolicy name them.
  from(namespaces):: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } } for name in namespaces],

  // reached is a NetworkPolicy that lets only these reach the pods of a selector; where there are none, nobody.
  reached(name, namespace, pods, by):: $.object('networking.k8s.io/v1', 'NetworkPolicy', name, namespace, { spec: {
    podSelector: pods,
    policyTypes: ['Ingress'],
    ingress: if by == [] then [] else [{ from: by }],
  } }),

  // asked is reached, but for one port on which the API server asks the pods: no NetworkPolicy can say where it stands.
  asked(name, namespace, pods, port, by):: $.reached(name, namespace, pods, by) { spec+: { ingress+: [{ ports: [{ port: port, protocol: 'TCP' }] }] } },

  // disruptionBudget lets a drain take one pod at a time, and pods that do not work anyway at any time.
  disruptionBudget:: { enabled: true, maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow' },

  // spread asks for the pods with these labels to stand on different machines, where there are enough.
  spread(labels):: [{
    maxSkew: 1,
    topologyKey: 'kubernetes.io/hostname',
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: labels },
  }],

  // snapshotClass is how a driver makes snapshots of its volumes; Velero takes it by its label.
  snapshotClass(name, driver, parameters={}):: $.object('snapshot.storage.k8s.io/v1', 'VolumeSnapshotClass', name, rest={
    metadata+: {
      annotations: { 'snapshot.storage.kubernetes.io/is-default-class': 'true' },
      labels: { 'velero.io/csi-volumesnapshot-class': 'true' },
    },
    driver: driver,
    deletionPolicy: 'Delete',
    [if parameters != {} then 'parameters']: parameters,
  }),

  // without is a patch that takes fields, given as null, off all objects of a kind: those that the API server does not
  // keep. Argo CD would find them missing, and write them again and again.
  without(apiVersion, kind, fields):: { target: { kind: kind }, patch: $.object(apiVersion, kind, 'any', rest=fields) },

  // syncedHooks are patches that make the Helm hooks of a chart part of the sync itself: the Jobs run in it, and the
  // accounts and rights that they need are objects like all others. Argo CD would make these anew before every sync.
  syncedHooks:: [
    {
      target: { kind: 'Job', annotationSelector: 'helm.sh/hook' },
      patch: [
        { op: 'add', path: '/metadata/annotations/argocd.argoproj.io~1hook', value: 'Sync' },
        { op: 'add', path: '/metadata/annotations/argocd.argoproj.io~1hook-delete-policy', value: 'BeforeHookCreation' },
      ],
    },
    {
      target: { annotationSelector: 'helm.sh/hook' },
      patch: [
        { op: 'add', path: '/metadata/annotations/argocd.argoproj.io~1sync-wave', value: '0' },
        { op: 'remove', path: '/metadata/annotations/helm.sh~1hook' },
      ],
    },
  ],
}
