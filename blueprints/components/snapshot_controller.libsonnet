// snapshot-controller brings the kinds of snapshots of volumes, and has the drivers of storage make them.
//
// Where what installed the cluster brings both already, it does nothing.
local component = import '../lib/component.libsonnet';
local kube = import '../lib/kube.libsonnet';
local tier = import '../lib/tier.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'snapshot-controller';
local labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': name };

component(
  { name: name, purpose: 'has the drivers of storage make snapshots of volumes' },
  { namespace: name, version: '5.2.0', replicas: tier(1, 2, 2) },
  function(p, platform)
    if !platform.storage.snapshots || platform.installation.snapshots then {} else {
      stage: why(stages.kinds, 'Drivers that make snapshots do not start without the kinds.'),
      crds: true,
      protect: true,
      namespaces: { [p.namespace]: 'restricted' },
      registries: ['registry.k8s.io/sig-storage/'],
      images: ['registry.k8s.io/sig-storage/snapshot-controller'],
      charts: [{
        repo: 'https://piraeus.io/helm-charts/',
        name: name,
        version: p.version,
        values: { controller: {
          replicaCount: p.replicas,
          [if p.replicas > 1 then 'pdb']: { maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
          [if p.replicas > 1 then 'topologySpreadConstraints']: kube.spread(labels),
          priorityClassName: why(kube.critical, kube.whyCritical),
          resources: kube.resources('10m', '32Mi', '256Mi'),
          podSecurityContext: kube.user(1000),
          securityContext: { allowPrivilegeEscalation: false },
        } },
      }],
      objects: {
        'network-policy.yaml': kube.reached(name, p.namespace, { matchLabels: labels }, platform.monitoring.peers),
      },
      extras: {
        'monitor.yaml': platform.monitoring.podMonitor(name, p.namespace, { matchLabels: labels }, [{ port: 'http' }]),
      },
      extrasStage: stages.teams,
    },
)
