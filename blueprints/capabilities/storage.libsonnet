// storage: persistent volumes for stateful applications.
local capability = import '../lib/capability.libsonnet';
local fact = import '../lib/fact.libsonnet';
local tier = import '../lib/tier.libsonnet';

capability({
  name: 'storage',
  purpose: 'persistent volumes for stateful applications',
  vital: 'no pod with a volume starts',
  takes: tier('recommended longhorn', 'recommended rook-ceph', 'recommended rook-ceph'),
  facts: {
    backup: fact('what keeps copies of all its volumes somewhere else, as words'),
    namespace: fact('where what serves it stands'),
    class: fact('the class of volumes for one pod'),
    snapshots: fact('whether volumes can be kept as snapshots', false),
    instant: fact('the CSI drivers whose snapshots are read without a copy of the volume: backups may read these instead of what is being written', []),
    shared: fact('the class of volumes for several pods'),
    bucket: fact('the class of ObjectBucketClaims'),
    endpoint: fact('the host of the S3 service of buckets'),
  },
})
