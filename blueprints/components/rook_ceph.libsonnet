// rook-ceph is the operator that runs Ceph. What it runs says rook-ceph-cluster.
local component = import '../lib/component.libsonnet';
local kube = import '../lib/kube.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

// The images of the CSI drivers, by the values that name them: they stand in a ConfigMap.
local images = {
  attacher: 'registry.k8s.io/sig-storage/csi-attacher',
  cephcsi: 'quay.io/cephcsi/cephcsi',
  csiAddons: 'quay.io/csiaddons/k8s-sidecar',
  provisioner: 'registry.k8s.io/sig-storage/csi-provisioner',
  registrar: 'registry.k8s.io/sig-storage/csi-node-driver-registrar',
  resizer: 'registry.k8s.io/sig-storage/csi-resizer',
  snapshotter: 'registry.k8s.io/sig-storage/csi-snapshotter',
};

local seccomp = { seccompProfile: { type: 'RuntimeDefault' } };

component(
  { name: 'rook-ceph', purpose: 'the operator that runs Ceph' },
  { namespace: 'rook-ceph', version: 'v1.20.6' },
  function(p, platform)
    local cluster = platform.storage.namespace;
    local namespace =
      if std.member([null, p.namespace], cluster) then p.namespace
      else error 'rook-ceph: namespace ' + p.namespace + ': want ' + cluster + ', as of rook-ceph-cluster';
    local moved = {
      [value]: { repository: platform.image(images[value]) }
      for value in std.objectFields(images)
      if platform.image(images[value]) != images[value]
    };
    local pods = { app: 'rook-ceph-operator', 'control-plane': 'ceph-csi-op-controller-manager' };
    {
      stage: stages.operators,
      protect: true,
      crds: true,
      syncOptions: ['ServerSideApply=true'],
      namespaces: { [namespace]: 'privileged' },
      registries: ['docker.io/rook/', 'quay.io/cephcsi/', 'quay.io/csiaddons/', 'registry.k8s.io/sig-storage/'],
      images: ['docker.io/rook/ceph', 'quay.io/cephcsi/ceph-csi-operator'],
      charts: [{
        repo: 'https://charts.rook.io/release',
        name: 'rook-ceph',
        version: p.version,
        values: {
          priorityClassName: why(kube.critical, kube.whyCritical),
          resources: kube.resources('100m', '256Mi', '1Gi'),
          containerSecurityContext: kube.confined + seccomp,
          [if moved != {} then 'csi']: why(moved, 'With these the CSI drivers are made; what else they do says ceph-csi-drivers.'),
          'ceph-csi-operator': { controllerManager: {
            priorityClassName: kube.critical,
            manager: { resources: kube.resources('10m', '64Mi', '256Mi') },
            podSecurityContext: seccomp,
          } },
        },
      }],
      objects: {
        'network-policy.yaml': [
          kube.reached(pods[label], namespace, { matchLabels: { [label]: pods[label] } }, platform.monitoring.peers)
          for label in std.objectFields(pods)
        ],
      },
      waivers: waive(
        ['reliability/liveness-probe'],
        { kind: 'Deployment', namespace: namespace, name: 'rook-ceph-operator' },
        'The chart has no value for it, and the operator has nothing that answers one.'
      ),
      patches: [kube.without('apiextensions.k8s.io/v1', 'CustomResourceDefinition', { status: null })],
    },
)
