// rook-ceph-cluster keeps blocks, files and objects in copies on whole disks of the machines, with Ceph.
local component = import '../lib/component.libsonnet';
local data = import '../lib/data.libsonnet';
local derived = import '../lib/derived.libsonnet';
local ingress = import '../lib/ingress.libsonnet';
local kube = import '../lib/kube.libsonnet';
local measure = import '../lib/measure.libsonnet';
local tier = import '../lib/tier.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

// The Secrets with which the CSI drivers work are made by the operator.
local driverSecrets(driver, namespace) = std.foldl(
  function(parameters, use) parameters {
    ['csi.storage.k8s.io/' + use + '-secret-name']: 'rook-csi-' + driver + '-' + (if use == 'node-stage' then 'node' else 'provisioner'),
    ['csi.storage.k8s.io/' + use + '-secret-namespace']: namespace,
  },
  ['provisioner', 'controller-expand', 'controller-publish', 'node-stage'],
  {}
);

// By default Ceph warns of a disk at 85 %, and writes no more to one at 95 %.
local alarms = [{ name: 'ceph', rules: [
  measure.alarm('CephFailing', 'critical', '5m', 'ceph_health_status == 2', 'Ceph says that data is out of reach or in danger: ceph status tells why.'),
  measure.alarm('CephWarning', 'warning', '30m', 'ceph_health_status == 1', 'Ceph warns of something: ceph health detail tells of what.'),
  measure.alarm('CephDiskLost', 'warning', '10m', 'ceph_osd_up == 0', 'The disk of {{ $labels.ceph_daemon }} is lost, or its machine.'),
  measure.alarm(
    'CephDiskSlow',
    'warning',
    '15m',
    'avg_over_time(ceph_osd_commit_latency_ms[10m]) > 500',
    'Writing to the disk of {{ $labels.ceph_daemon }} takes more than half a second.'
  ),
  measure.alarm('CephRequestsSlow', 'warning', '10m', 'ceph_healthcheck_slow_ops > 0', '{{ $value }} requests to Ceph have waited for too long.'),
  measure.alarm(
    'CephDiskFilling',
    'critical',
    '5m',
    'ceph_health_detail{name=~"OSD_NEARFULL|OSD_BACKFILLFULL|OSD_FULL"} == 1',
    'A disk of Ceph fills up ({{ $labels.name }}): once it is full nothing can be written any more.'
  ),
  measure.alarm(
    'CephFilling',
    'warning',
    '15m',
    'ceph_cluster_total_used_raw_bytes / ceph_cluster_total_bytes > 0.7',
    'Ceph is full to {{ $value | humanizePercentage }}. A machine that fails leaves its data to the others: they need room.'
  ),
  measure.alarm(
    'CephPoolFilling',
    'warning',
    '15m',
    'ceph_pool_percent_used * on(pool_id) group_left(name) ceph_pool_metadata > 0.8',
    'The pool {{ $labels.name }} of Ceph is full to {{ $value | humanizePercentage }}.'
  ),
  measure.alarm('CephMonitorLost', 'warning', '10m', 'ceph_mon_quorum_status == 0', '{{ $labels.ceph_daemon }} is lost. More than half of them must live.'),
  measure.alarm('CephDegraded', 'warning', '1h', 'sum(ceph_pg_degraded) > 0', 'Data in Ceph has had fewer copies than it should have for an hour.'),
  measure.alarm('CephUnknown', 'critical', '15m', 'absent(ceph_health_status)', 'Nobody knows how Ceph is: it is not measured.'),
] }];

local panels = [
  measure.now('Health: 0 works, 1 warns, 2 fails', 'none', { health: 'ceph_health_status' }),
  measure.now('Disks', 'none', { 'in use': 'sum(ceph_osd_in)', lost: 'count(ceph_osd_up == 0) or vector(0)' }),
  measure.line('Used of all disks', 'percentunit', { used: 'ceph_cluster_total_used_raw_bytes / ceph_cluster_total_bytes' }),
  measure.line('Used of pools', 'percentunit', { '{{name}}': 'ceph_pool_percent_used * on(pool_id) group_left(name) ceph_pool_metadata' }),
  measure.line('Writing takes', 'ms', { '{{ceph_daemon}}': 'ceph_osd_commit_latency_ms' }),
  measure.line('Placement groups', 'none', { all: 'sum(ceph_pg_total)', degraded: 'sum(ceph_pg_degraded)', 'active and clean': 'sum(ceph_pg_clean)' }),
];

component(
  {
    name: 'rook-ceph-cluster',
    purpose: 'keeps blocks, files and objects in copies on whole disks of the machines',
    capability: 'storage',
    option: 'rook-ceph',
    with: ['ceph-csi-drivers', 'rook-ceph', 'snapshot-controller'],
    params: {
      disks: 'the disks that Ceph takes: a regular expression on their names as `^nvme[1-3]n1$`, or `all`',
      copies: 'copies of all data, each on another machine',
      mons: 'the odd number of daemons that know where everything is',
      encrypted: 'whether data is encrypted, on the disks and between the machines',
      filesystem: 'whether there are volumes that several machines write to',
      objects: 'whether there are buckets',
      toolbox: 'whether there is a pod with the ceph command',
      host: 'the name of the dashboard, which is not there without',
      snapshots: 'whether volumes can be kept as snapshots',
    },
  },
  {
    namespace: 'rook-ceph',
    version: 'v1.20.6',
    disks: null,
    copies: derived('3, or as many as there are machines', function(p, platform) kube.fitting(platform.cluster, 3)),
    mons: derived('3; 1 on fewer than three machines, 5 for enterprises with more than four', function(p, platform)
      local machines = kube.machines(platform.cluster);
      if machines > 0 && machines < 3 then 1
      else if machines > 4 then p.most
      else 3),
    most:: tier(3, 3, 5),
    encrypted: tier(false, false, true),
    filesystem: true,
    objects: true,
    toolbox: false,
    host: null,
    snapshots: true,
    gateways:: tier(1, 2, 2),
    // What the daemons take. An OSD fills its memory with what it read last, so its request is its limit.
    mon:: tier(kube.resources('100m', '512Mi', '2Gi'), kube.resources('250m', '1Gi', '2Gi'), kube.resources('500m', '2Gi', '4Gi')),
    mgr:: tier(kube.resources('100m', '512Mi', '2Gi'), kube.resources('250m', '1Gi', '2Gi'), kube.resources('500m', '1Gi', '4Gi')),
    osd:: tier(kube.resources('250m', '3Gi', '3Gi'), kube.resources('500m', '4Gi', '4Gi'), kube.resources('1', '8Gi', '8Gi')),
    mds:: tier(kube.resources('100m', '512Mi', '2Gi'), kube.resources('250m', '1Gi', '4Gi'), kube.resources('500m', '4Gi', '8Gi')),
    rgw:: tier(kube.resources('100m', '256Mi', '1Gi'), kube.resources('250m', '512Mi', '2Gi'), kube.resources('500m', '1Gi', '4Gi')),
  },
  function(p, platform)
    local several = kube.machines(platform.cluster) != 1;
    local pool = {
      failureDomain: 'host',
      replicated: { size: p.copies, [if p.copies == 1 then 'requireSafeReplicaSize']: false },
    };
    local ceph = 'quay.io/ceph/ceph';
    {
      stage: stages.storage,
      protect: true,
      syncOptions: ['SkipDryRunOnMissingResource=true'],
      registries: ['quay.io/ceph/'],
      readme: { machines: 'The machines need disks for Ceph that nothing was written to: `gitopsgen doctor` says how to name them.' },
      decisions: if p.disks != null then [] else [{
        what: 'Ceph has no disks',
        do: 'set components.rook-ceph-cluster.params.disks to those that it may take whole, a regular expression on their names as ^nvme[1-3]n1$, or all',
      }],
      charts: [{
        repo: 'https://charts.rook.io/release',
        name: 'rook-ceph-cluster',
        version: p.version,
        values: {
          operatorNamespace: p.namespace,
          [if platform.image(ceph) != ceph then 'cephImage']: { repository: platform.image(ceph) },
          [if p.toolbox then 'toolbox']: { enabled: true },
          cephClusterSpec: {
            mon: why(
              { count: p.mons, allowMultiplePerNode: false },
              'More than half of them must live. Each stands on a machine of its own; one that finds none waits.'
            ),
            mgr: { count: if several then 2 else 1 },
            dashboard: why(
              { enabled: true, ssl: p.host == null },
              'Its password is in the Secret rook-ceph-dashboard-password' + (
                if p.host != null then '. TLS ends at the ingress.'
                else ', key password. It is not exposed:\nkubectl -n ' + p.namespace + ' port-forward service/rook-ceph-mgr-dashboard 8443:8443'
              )
            ),
            storage: why({
              useAllNodes: true,
              useAllDevices: p.disks == 'all',
              [if p.disks != null && p.disks != 'all' then 'deviceFilter']: p.disks,
              [if p.encrypted then 'config']: why({ encryptedDevice: 'true' }, 'A disk that leaves the building tells nothing. Disks that Ceph has already stay as they are.'),
            }, 'Ceph takes a disk whole, and only one that nothing was written to: no partitions, no file system. Which disks is told by name:\nan empty disk may be meant for something else.'
               + (if p.disks != null then '' else ' Until the parameter disks is set there are none, and volumes wait.')),
            [if p.encrypted then 'network']: why(
              { connections: { encryption: { enabled: true }, requireMsgr2: true } },
              'The machines need Linux 5.11 or later for it.'
            ),
            resources: why({
              mon: p.mon,
              mgr: p.mgr,
              osd: p.osd,
              prepareosd: kube.resources('100m', '64Mi', '2Gi'),
              'mgr-sidecar': kube.resources('10m', '64Mi', '256Mi'),
              crashcollector: kube.resources('10m', '32Mi', '128Mi'),
              logcollector: kube.resources('10m', '64Mi', '1Gi'),
              exporter: kube.resources('10m', '64Mi', '256Mi'),
            }, 'An OSD, one a disk, fills its memory with what it read last: its request is its limit.'),
          },
          cephBlockPools: why([{
            name: 'ceph-blockpool',
            spec: pool,
            storageClass: {
              enabled: true,
              name: 'ceph-block',
              isDefault: true,
              parameters: driverSecrets('rbd', p.namespace) {
                imageFormat: '2',
                imageFeatures: 'layering',
                'csi.storage.k8s.io/fstype': 'ext4',
              },
            },
          }], if p.copies == 1 then 'One copy, for there is one machine: its disk is the only one that has the data.' else 'Each copy is on another machine.'),
          cephFileSystems: if !p.filesystem then [] else why([{
            name: 'ceph-filesystem',
            spec: {
              metadataPool: pool,
              dataPools: [pool { name: 'data0' }],
              preserveFilesystemOnDelete: true,
              metadataServer: {
                activeCount: 1,
                activeStandby: several,
                resources: p.mds,
                priorityClassName: kube.critical,
              },
            },
            storageClass: {
              enabled: true,
              name: 'ceph-filesystem',
              pool: 'data0',
              parameters: driverSecrets('cephfs', p.namespace),
            },
          }], 'For volumes that several pods share.'),
          cephObjectStores: if !p.objects then [] else why([{
            name: 'ceph-objectstore',
            spec: {
              metadataPool: pool,
              dataPool: pool { parameters: { bulk: 'true' } },
              preservePoolsOnDelete: true,
              gateway: {
                port: 80,
                instances: if several then p.gateways else 1,
                resources: p.rgw,
                priorityClassName: kube.critical,
              },
            },
            storageClass: {
              enabled: true,
              name: 'ceph-bucket',
              reclaimPolicy: 'Retain',
              parameters: { region: 'us-east-1' },
            },
          }], 'An ObjectBucketClaim of this class is a bucket, a ConfigMap and a Secret of its name: where it is and how to get in.\nDeleting the claim leaves the bucket: what is in there is seldom anywhere else.'),
        },
      }],
      // Deleting these would delete what is in them. And Ceph warns of much that stops nobody: while it does, and until
      // it has disks, nothing else is to wait for it.
      patches: [{
        target: { group: 'ceph.rook.io' },
        patch: {
          apiVersion: 'ceph.rook.io/v1',
          kind: 'Any',
          metadata: {
            name: 'any',
            annotations: kube.kept { 'argocd.argoproj.io/ignore-healthcheck': 'true' },
          },
        },
      }],
      extras: {
        'monitor.yaml':
          platform.monitoring.monitor('ceph', p.namespace, { matchLabels: { app: 'rook-ceph-mgr', rook_cluster: p.namespace } }, [{ port: 'http-metrics' }])
          + platform.monitoring.rules('ceph', p.namespace, alarms),
        'snapshots.yaml': if !p.snapshots then [] else [
          kube.snapshotClass(of[0], p.namespace + '.' + of[1] + '.csi.ceph.com', {
            clusterID: p.namespace,
            'csi.storage.k8s.io/snapshotter-secret-name': 'rook-csi-' + of[1] + '-provisioner',
            'csi.storage.k8s.io/snapshotter-secret-namespace': p.namespace,
          })
          for of in [['ceph-block', 'rbd']] + if p.filesystem then [['ceph-filesystem', 'cephfs']] else []
        ],
        'dashboard.yaml': platform.monitoring.dashboard('ceph', 'Ceph', panels),
        [if p.host != null then 'page.yaml']:
          if !platform.ingress.exposes then error 'rook-ceph-cluster: host is set, but nothing exposes pages; choose capabilities.ingress'
          else if !ingress.overTLS(platform) then error 'rook-ceph-cluster: host is set, and without certificates the password would go in clear; choose capabilities.certificates'
          else platform.ingress.expose({
            name: 'ceph',
            namespace: p.namespace,
            host: ingress.host(platform, 'rook-ceph-cluster', 'ceph', p.host),
            service: 'rook-ceph-mgr-dashboard',
            port: 7000,
          }),
      },
      hosts: if p.host == null then [] else [ingress.host(platform, 'rook-ceph-cluster', 'ceph', p.host)],
      extrasStage: stages.last,
      data: if !p.objects then [] else [data.of({
        what: 'the buckets of Ceph',
        where: 'CephObjectStore ' + p.namespace + '/ceph-objectstore',
        loss: 'what components and teams keep in buckets',
        keep: 'nothing here copies buckets: have those that matter copied elsewhere, by what can, such as rclone',
      })],
      provides:: {
        class: 'ceph-block',
        snapshots: p.snapshots,
        instant: if p.snapshots then [p.namespace + '.rbd.csi.ceph.com'] else [],
        [if p.filesystem then 'shared']: 'ceph-filesystem',
        [if p.objects then 'bucket']: 'ceph-bucket',
        [if p.objects then 'endpoint']: 'rook-ceph-rgw-ceph-objectstore.' + p.namespace + '.svc',
        namespace: p.namespace,
      },
    },
)
