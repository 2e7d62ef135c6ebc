// csi-driver-nfs makes volumes of folders on a share that an NFS server has.
local component = import '../lib/component.libsonnet';
local data = import '../lib/data.libsonnet';
local kube = import '../lib/kube.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'csi-driver-nfs', class = 'nfs';
local onDelete = ['archive', 'delete', 'retain'];

// The share outlives a cluster, and has the folders of its volumes; those of a new cluster are called otherwise.
local again = |||
  The share still has the folders of the lost volumes, `NAMESPACE-CLAIM-VOLUME`, and volumes of the new cluster get new ones beside them. For each claim: stop what uses it,
  put what is in the old folder into the new one, on the server, and start that again.

  ```sh
  kubectl get persistentvolumes -o custom-columns=NAMESPACE:.spec.claimRef.namespace,CLAIM:.spec.claimRef.name,VOLUME:.metadata.name
  ```
|||;

component(
  {
    name: name,
    purpose: 'makes volumes of folders on an NFS server that is there already',
    capability: 'storage',
    option: 'nfs',
    params: {
      server: 'the host or the address of the NFS server',
      share: 'the path that it exports',
      backup: 'what keeps copies of the share elsewhere, as words',
      onDelete: 'what becomes of the folder of a volume that is deleted: `archive` renames it, `delete` and `retain` do what they say',
      mountOptions: 'how machines mount the share',
      snapshots: 'whether volumes can be kept as snapshots: archives on the same share',
    },
    with: ['snapshot-controller'],
  },
  {
    namespace: 'csi-driver-nfs',
    version: '4.13.4',
    server: null,
    share: null,
    backup: null,
    onDelete: 'archive',
    snapshots: true,
    mountOptions: ['nfsvers=4.1', 'noatime'],
  },
  function(p, platform)
    local there = p.server != null && p.share != null;
    local mounts = "It mounts the server's shares where the kubelet looks for volumes.";
    {
      assert std.member(onDelete, p.onDelete) : name + ': onDelete is ' + p.onDelete + ': want one of ' + std.join(', ', onDelete),

      stage: stages.storage,
      protect: true,
      namespaces: { [p.namespace]: 'privileged' },
      registries: ['registry.k8s.io/sig-storage/'],
      images: [
        'registry.k8s.io/sig-storage/' + image
        for image in ['csi-node-driver-registrar', 'csi-provisioner', 'csi-resizer', 'livenessprobe', 'nfsplugin'] + (if p.snapshots then ['csi-snapshotter'] else [])
      ],
      charts: [{
        repo: 'https://raw.githubusercontent.com/kubernetes-csi/csi-driver-nfs/master/charts',
        name: name,
        version: p.version,
        values: {
          controller: {
            enableSnapshotter: why(p.snapshots, 'It does not start without the kinds of snapshots.'),
            defaultOnDeletePolicy: why('retain', 'Of a class that does not say: no data is lost.'),
          },
          node: { priorityClassName: why(kube.criticalEach, 'Where it is missing, no pod with a volume comes up on that machine.') },
          [if there then 'storageClass']: {
            create: true,
            name: class,
            annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
            parameters: {
              server: p.server,
              share: p.share,
              subDir: why('${pvc.metadata.namespace}-${pvc.metadata.name}-${pv.metadata.name}', 'So people find the folder of a volume on the server.'),
              onDelete: p.onDelete,
            },
            reclaimPolicy: 'Delete',
            volumeBindingMode: 'Immediate',
            mountOptions: p.mountOptions,
          },
        },
      }],
      patches: [
        // The chart has no fields for what these may take.
        {
          target: { kind: kind, name: workload },
          patch: { apiVersion: 'apps/v1', kind: kind, metadata: { name: workload }, spec: { template: { spec: { containers: [
            { name: container, securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true } }
            for container in sidecars
          ] } } } },
        }
        for kind in ['DaemonSet', 'Deployment']
        for workload in [if kind == 'DaemonSet' then 'csi-nfs-node' else 'csi-nfs-controller']
        for sidecars in [if kind == 'DaemonSet' then ['liveness-probe', 'node-driver-registrar'] else ['csi-provisioner', 'csi-resizer', 'liveness-probe'] + (if p.snapshots then ['csi-snapshotter'] else [])]
      ],
      extras: {
        'snapshots.yaml': if there && p.snapshots then [kube.snapshotClass(class, 'nfs.csi.k8s.io')] else [],
      },
      decisions: if there then [] else [{
        what: 'nobody said on which NFS server volumes are',
        do: 'set components.' + name + '.params.server and .share',
      }],
      data: if !there then [] else [data.of({
        what: 'the files of all volumes of the class ' + class,
        where: p.server + ':' + p.share,
        backup: p.backup,
        loss: 'every volume that nothing else backs up, where the server is lost, too',
        keep: 'have the server keep copies of the share elsewhere, and say in components.' + name + '.params.backup how',
        restore: again,
      })],
      readme: { machines: 'Each machine must reach the NFS server, and its kernel must have the client of NFS (`modprobe nfs`).' },
      waivers: std.flatMap(
        function(match)
          waive(
            ['pods/dangerous-capabilities', 'pods/drop-all-capabilities', 'pods/host-network', 'pods/host-path', 'pods/privileged', 'pods/read-only-root', 'pods/run-as-non-root', 'pods/sensitive-host-path', 'pods/writable-host-path'],
            { namespace: p.namespace } + match,
            mounts
          )
          + waive(
            ['reliability/liveness-probe'] + if match.kind == 'DaemonSet' then ['reliability/readiness-probe'] else [],
            { namespace: p.namespace } + match,
            'The chart has no value for further probes: the container liveness-probe asks the driver, whose own probe asks that one.'
          ),
        [{ kind: 'DaemonSet', name: 'csi-nfs-node' }, { kind: 'Deployment', name: 'csi-nfs-controller' }]
      ) + waive(
        ['rbac/secrets'],
        { kind: 'ClusterRole', name: 'nfs-external-provisioner-role' },
        'A class may name a Secret with options of its mounts, in whatever namespace.'
      ) + waive(
        ['reliability/min-replicas', 'reliability/rolling-update'],
        { kind: 'Deployment', namespace: p.namespace, name: 'csi-nfs-controller' },
        "It only makes and deletes volumes, and a second on its machine would find the machine's ports taken: those that are there need none of it."
      ),
      provides:: { snapshots: p.snapshots } + if !there then {} else { backup: p.backup, class: class, shared: class, namespace: p.namespace },
    },
)
