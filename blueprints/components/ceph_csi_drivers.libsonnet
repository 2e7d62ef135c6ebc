// ceph-csi-drivers makes volumes in Ceph and mounts them on the machines.
local component = import '../lib/component.libsonnet';
local derived = import '../lib/derived.libsonnet';
local kube = import '../lib/kube.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local sidecar = kube.resources('10m', '32Mi', '256Mi');
local plugin = kube.resources('50m', '128Mi', '1Gi');

component(
  { name: 'ceph-csi-drivers', purpose: 'makes volumes in Ceph and mounts them on the machines' },
  {
    namespace: 'rook-ceph',
    version: '1.0.4',
    replicas: derived('1 or 2 by tier, or as many as there are machines', function(p, platform) kube.fitting(platform.cluster, p.controllers)),
    controllers:: tier(1, 2, 2),
  },
  function(p, platform)
    local cluster = platform.storage.namespace;
    local namespace =
      if std.member([null, p.namespace], cluster) then p.namespace
      else error 'ceph-csi-drivers: namespace ' + p.namespace + ': want ' + cluster + ', as of rook-ceph-cluster';
    local quiet = { rotation: { enabled: false } };
    local driver(kind) = {
      name: namespace + '.' + kind + '.csi.ceph.com',
      log: quiet,
      snapshotPolicy: if platform.storage.snapshots then 'volumeSnapshot' else 'none',
      controllerPlugin: { replicas: p.replicas },
    };
    {
      stage: stages.drivers,
      protect: true,
      syncOptions: ['SkipDryRunOnMissingResource=true'],
      charts: [{
        repo: 'https://ceph.github.io/ceph-csi-operator',
        name: 'ceph-csi-drivers',
        version: p.version,
        values: {
          operatorConfig: {
            namespace: namespace,
            driverSpecDefaults: {
              imageSet: why({ name: 'rook-csi-operator-image-set-configmap' }, 'The operator names the images there.'),
              log: why(quiet, 'They write to stdout, where all logs are gathered. In files on the machines they would take up to 70 GiB a driver.'),
              nodePlugin: {
                priorityClassName: kube.criticalEach,
                resources: {
                  [name]: sidecar
                  for name in ['addons', 'liveness', 'logRotator', 'registrar']
                } + { plugin: plugin },
              },
              controllerPlugin: {
                priorityClassName: kube.critical,
                replicas: p.replicas,
                resources: {
                  [name]: sidecar
                  for name in ['addons', 'attacher', 'liveness', 'logRotator', 'omapGenerator', 'provisioner', 'resizer', 'snapshotter']
                } + { plugin: plugin },
              },
            },
          },
          drivers: {
            rbd: driver('rbd') {
              name: why(super.name, 'The storage classes name it, with the namespace of the operator.'),
              snapshotPolicy: why(super.snapshotPolicy, 'With snapshots the drivers do not start before there are the kinds.'),
            },
            cephfs: if platform.storage.shared != null then driver('cephfs') else { enabled: false },
            nfs: { enabled: false },
            nvmeof: { enabled: false },
          },
        },
      }],
      waivers: std.flatMap(
        function(name) waive(
          ['rbac/node-access'],
          { kind: 'ClusterRole', name: p.namespace + '-' + name + '-cr' },
          'It asks for tokens in the name of the pods that it mounts volumes for, where a key is kept in Vault; the chart has no switch for it.'
        ),
        [
          of + '-csi-ceph-com-' + part
          for of in (if platform.storage.shared != null then ['cephfs'] else []) + ['rbd']
          for part in ['ctrlplugin', 'nodeplugin']
        ]
      ),
    },
)
