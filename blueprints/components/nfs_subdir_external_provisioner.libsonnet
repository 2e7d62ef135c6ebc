// nfs-subdir-external-provisioner makes volumes of folders on a share that an NFS server has.
//
// Its last release is of 2022, and its maintainers look for others: csi-driver-nfs, the option nfs, is its successor. It is here for
// those who have volumes of it.
local component = import '../lib/component.libsonnet';
local data = import '../lib/data.libsonnet';
local kube = import '../lib/kube.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'nfs-subdir-external-provisioner', class = 'nfs-client';

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
    purpose: 'makes volumes of folders on an NFS server, for those who have some of it: nothing new has come since 2022, and the option nfs is its successor',
    capability: 'storage',
    option: 'nfs-subdir',
    params: {
      server: 'the host or the address of the NFS server',
      share: 'the path that it exports',
      backup: 'what keeps copies of the share elsewhere, as words',
      archive: 'whether the folder of a volume that is deleted is renamed, and not deleted',
      mountOptions: 'how machines mount the share',
    },
  },
  {
    namespace: 'nfs-provisioner',
    version: '4.0.18',
    server: null,
    share: null,
    backup: null,
    archive: true,
    mountOptions: [],
  },
  function(p, platform)
    local there = p.server != null && p.share != null;
    if !there then {
      decisions: [{
        what: 'nobody said on which NFS server volumes are',
        do: 'set components.' + name + '.params.server and .share',
      }],
    } else {
      stage: stages.storage,
      protect: true,
      namespaces: { [p.namespace]: why('baseline', 'It mounts the share itself, which the level restricted has no word for.') },
      registries: ['registry.k8s.io/sig-storage/'],
      images: ['registry.k8s.io/sig-storage/nfs-subdir-external-provisioner'],
      charts: [{
        repo: 'https://kubernetes-sigs.github.io/nfs-subdir-external-provisioner',
        name: name,
        version: p.version,
        values: {
          nfs: { server: p.server, path: p.share, [if p.mountOptions != [] then 'mountOptions']: p.mountOptions },
          storageClass: {
            name: class,
            defaultClass: true,
            archiveOnDelete: p.archive,
            provisionerName: why('k8s-sigs.io/' + name, 'Volumes bear it: one that changes leaves them without anybody.'),
          },
          leaderElection: why({ enabled: false }, 'There is one of it, and never two: it would write Endpoints, which Kubernetes gives up.'),
          priorityClassName: why(kube.critical, kube.whyCritical),
          podSecurityContext: { seccompProfile: { type: 'RuntimeDefault' } },
          securityContext: kube.confined { readOnlyRootFilesystem: true },
          resources: kube.resources('10m', '32Mi', '128Mi'),
        },
      }],
      objects: { 'network-policy.yaml': kube.reached(name, p.namespace, { matchLabels: { app: name } }, []) },
      data: [data.of({
        what: 'the files of all volumes of the class ' + class,
        where: p.server + ':' + p.share,
        backup: p.backup,
        loss: 'every volume that nothing else backs up, where the server is lost, too',
        keep: 'have the server keep copies of the share elsewhere, and say in components.' + name + '.params.backup how',
        restore: again,
      })],
      readme: { machines: 'Each machine must reach the NFS server, and needs an NFS client (`nfs-common`, `nfs-utils`).' },
      waivers: waive(
        ['pods/run-as-non-root', 'pods/volume-types'],
        { kind: 'Deployment', namespace: p.namespace, name: name },
        'It makes folders on the share, which it mounts itself, and shares let root do that.'
      ) + waive(
        ['reliability/liveness-probe'],
        { kind: 'Deployment', namespace: p.namespace, name: name },
        'It listens nowhere: nothing could be asked.'
      ) + waive(
        ['reliability/min-replicas', 'reliability/rolling-update'],
        { kind: 'Deployment', namespace: p.namespace, name: name },
        'It only makes and deletes volumes: those that are there need none of it.'
      ),
      provides:: { backup: p.backup, class: class, shared: class, namespace: p.namespace },
    },
)
