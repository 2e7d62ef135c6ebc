// longhorn keeps volumes in copies on the machines' own disks.
//
// Each machine needs open-iscsi, and for volumes that several pods share an NFS client of version 4.
local component = import '../lib/component.libsonnet';
local data = import '../lib/data.libsonnet';
local derived = import '../lib/derived.libsonnet';
local ingress = import '../lib/ingress.libsonnet';
local kube = import '../lib/kube.libsonnet';
local measure = import '../lib/measure.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local class = 'longhorn';

// The keys of the Secret with which a store of backups is reached, by the scheme of its URL.
local stores = {
  azblob: ['AZBLOB_ACCOUNT_NAME', 'AZBLOB_ACCOUNT_KEY'],
  cifs: ['CIFS_USERNAME', 'CIFS_PASSWORD'],
  nfs: [],
  s3: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_ENDPOINTS'],
};

// All images, by the values that name them: the same name stands in pods and in arguments. The chart takes a registry for
// all of them and none for one.
local named(names) = { [value]: 'docker.io/longhornio/' + names[value] for value in std.objectFields(names) };
local images = {
  longhorn: named({
    backingImageManager: 'backing-image-manager',
    engine: 'longhorn-engine',
    instanceManager: 'longhorn-instance-manager',
    manager: 'longhorn-manager',
    shareManager: 'longhorn-share-manager',
    supportBundleKit: 'support-bundle-kit',
    ui: 'longhorn-ui',
  }),
  csi: named({
    attacher: 'csi-attacher',
    livenessProbe: 'livenessprobe',
    nodeDriverRegistrar: 'csi-node-driver-registrar',
    provisioner: 'csi-provisioner',
    resizer: 'csi-resizer',
    snapshotter: 'csi-snapshotter',
  }),
};

local tools = kube.resources('10m', '32Mi', '256Mi');

// The CSI drivers are made by the manager, from a setting in JSON.
local driverResources = std.manifestJsonMinified({
  [name]: tools
  for name in ['csi-attacher', 'csi-provisioner', 'csi-resizer', 'csi-snapshotter', 'longhorn-liveness-probe', 'node-driver-registrar']
} + {
  'longhorn-csi-plugin': kube.resources('10m', '64Mi', '1Gi'),  // it checks file systems
});

local workload(kind, name, spec) = {
  target: { kind: kind, name: name },
  patch: { apiVersion: 'apps/v1', kind: kind, metadata: { name: name }, spec: { template: { spec: spec } } },
};

// Longhorn puts no new copy on a disk of which less than a quarter is free.
local alarms(backup) = [{ name: 'longhorn', rules: [
  measure.alarm(
    'LonghornVolumeFaulted',
    'critical',
    '2m',
    'longhorn_volume_robustness{state="faulted"} == 1',
    'No copy of the volume of {{ $labels.pvc_namespace }}/{{ $labels.pvc }} works: it cannot be used.'
  ),
  measure.alarm(
    'LonghornVolumeDegraded',
    'warning',
    '30m',
    'longhorn_volume_robustness{state="degraded"} == 1',
    'The volume of {{ $labels.pvc_namespace }}/{{ $labels.pvc }} has fewer copies than it should have.'
  ),
  measure.alarm(
    'LonghornVolumeReadOnly',
    'critical',
    '2m',
    'longhorn_volume_file_system_read_only == 1',
    'The file system of {{ $labels.pvc_namespace }}/{{ $labels.pvc }} became read-only: its disk or its network failed.'
  ),
  measure.alarm(
    'LonghornVolumeSlow',
    'warning',
    '15m',
    'avg_over_time(longhorn_volume_write_latency[10m]) > 5e8',
    'Writing to {{ $labels.pvc_namespace }}/{{ $labels.pvc }} takes more than half a second.'
  ),
  measure.alarm(
    'LonghornReplicaFailed',
    'warning',
    '10m',
    'longhorn_replica_state{state="error"} == 1',
    'A copy of the volume {{ $labels.volume }} on {{ $labels.node }} failed.'
  ),
  measure.alarm(
    'LonghornDiskFilling',
    'warning',
    '15m',
    'longhorn_disk_usage_bytes / longhorn_disk_capacity_bytes > 0.75',
    'The disk {{ $labels.disk }} of {{ $labels.node }} is full to {{ $value | humanizePercentage }}: it takes no new copies.'
  ),
  measure.alarm(
    'LonghornDiskFull',
    'critical',
    '5m',
    'longhorn_disk_usage_bytes / longhorn_disk_capacity_bytes > 0.9',
    'The disk {{ $labels.disk }} of {{ $labels.node }} is full to {{ $value | humanizePercentage }}: its volumes will fail.'
  ),
  measure.alarm(
    'LonghornDiskNotReady',
    'critical',
    '10m',
    'longhorn_disk_status{condition="ready"} == 0',
    'The disk {{ $labels.disk }} of {{ $labels.node }} is lost: {{ $labels.condition_reason }}.'
  ),
  measure.alarm(
    'LonghornDiskUnhealthy',
    'warning',
    '10m',
    // A disk that says nothing of itself has 0 too: one that was well before does not.
    'longhorn_disk_health == 0 and on(node, disk) max by(node, disk) (max_over_time(longhorn_disk_health[7d])) == 1',
    'The disk {{ $labels.disk }} of {{ $labels.node }} says of itself that it is failing.'
  ),
  measure.alarm(
    'LonghornNodeNotReady',
    'critical',
    '10m',
    'longhorn_node_status{condition="ready"} == 0',
    'Longhorn does not work on {{ $labels.node }}: {{ $labels.condition_reason }}.'
  ),
  measure.alarm(
    'LonghornUnknown',
    'critical',
    '15m',
    'absent(longhorn_node_count_total)',
    'Nobody knows how Longhorn is: it is not measured.'
  ),
] + if !backup then [] else [
  measure.alarm(
    'LonghornBackupFailed',
    'warning',
    '1m',
    'longhorn_backup_state == 4',
    'A backup of the volume {{ $labels.volume }} failed.'
  ),
] }];

local panels = [
  measure.now('Volumes', 'none', { [state]: 'count(longhorn_volume_robustness{state="' + state + '"} == 1) or vector(0)' for state in ['degraded', 'faulted', 'healthy'] }),
  measure.line('Disks, used', 'percentunit', { '{{node}} {{disk}}': 'longhorn_disk_usage_bytes / longhorn_disk_capacity_bytes' }),
  measure.line('Volumes, stored', 'bytes', { '{{pvc_namespace}}/{{pvc}}': 'longhorn_volume_actual_size_bytes' }),
  measure.line('Writing takes', 'ns', { '{{pvc_namespace}}/{{pvc}}': 'longhorn_volume_write_latency' }),
  measure.line('Read a second', 'Bps', { '{{pvc_namespace}}/{{pvc}}': 'longhorn_volume_read_throughput' }),
  measure.line('Written a second', 'Bps', { '{{pvc_namespace}}/{{pvc}}': 'longhorn_volume_write_throughput' }),
];

component(
  {
    name: 'longhorn',
    purpose: "keeps volumes in copies on the machines' own disks",
    capability: 'storage',
    option: 'longhorn',
    params: {
      copies: 'copies of each volume, each on another machine',
      dataPath: 'where the machines keep them; by default /var/lib/longhorn',
      backupTarget: 'where backups go: `s3://bucket@region/`, `azblob://container@core.windows.net/`, `nfs://host:/path`, `cifs://host/share`',
      backupSecret: 'the Secret by which backups are let in',
      backupSchedule: 'when backups are made, as cron has it',
      backupRetain: 'how many backups of each volume are kept',
      host: 'the name of its page, which is not there without: it asks nobody who they are',
      snapshots: 'whether volumes can be kept as snapshots',
    },
    with: ['snapshot-controller'],
    spare: { 'longhorn-ui': 'shows volumes' },
  },
  {
    namespace: 'longhorn-system',
    version: '1.12.1',
    copies: derived('2 or 3 by tier, or as many as there are machines', function(p, platform) kube.fitting(platform.cluster, p.most)),
    most:: tier(2, 3, 3),
    dataPath: null,
    backupTarget: null,
    backupSecret: 'backup-target',
    backupSchedule: '0 2 * * *',
    backupRetain: 14,
    host: null,
    snapshots: true,
    pages:: tier(1, 2, 2),
    modest:: tier(true, false, false),
  },
  function(p, platform)
    // Where there is little room, one of each of them works, and no copy of a volume is further than it must be.
    local little = p.modest || kube.machines(platform.cluster) == 1;
    local manager = { matchLabels: { app: 'longhorn-manager' } };
    local scheme = if p.backupTarget == null then null else std.split(p.backupTarget, '://')[0];
    local keys =
      if scheme == null then []
      else if std.objectHas(stores, scheme) then stores[scheme]
      else error 'longhorn: backupTarget ' + p.backupTarget + ': want a URL that begins with ' + std.join(', ', [s + '://' for s in std.objectFields(stores)]);
    // What a mirror changes in the values that name images.
    local mirrored = {
      [group]: {
        [value]: platform.imageParts(images[group][value])
        for value in std.objectFields(images[group])
      }
      for group in std.objectFields(images)
    };
    local registry = mirrored.longhorn.manager.registry;  // all stand side by side
    local repositories = {
      [group]: {
        [value]: { repository: mirrored[group][value].repository }
        for value in std.objectFields(images[group])
        if 'docker.io/' + mirrored[group][value].repository != images[group][value]
      }
      for group in std.objectFields(images)
    };
    {
      stage: stages.storage,
      protect: true,
      crds: true,
      namespaces: { [p.namespace]: 'privileged' },
      registries: ['docker.io/longhornio/'],
      charts: [{
        repo: 'https://charts.longhorn.io',
        name: 'longhorn',
        version: p.version,
        values: {
          [if registry != 'docker.io' then 'global']: { imageRegistry: registry },
          [if std.prune(repositories) != {} then 'image']: repositories,
          preUpgradeChecker: why({ jobEnabled: false }, 'A hook before the first installation would wait for what is not there yet.'),
          persistence: {
            defaultClass: true,
            defaultClassReplicaCount: why(p.copies, 'Copies stand on different machines. One that finds no machine leaves its volume degraded for ever.'),
            [if little then 'defaultDataLocality']: why('best-effort', 'A copy stands on the machine that uses it: reading takes no network.'),
          },
          [if little then 'csi']: why({
            [controller + 'ReplicaCount']: 1
            for controller in ['attacher', 'provisioner', 'resizer', 'snapshotter']
          }, 'One of each works, and others only wait for their turn.'),
          defaultSettings: why({
            [if p.dataPath != null then 'defaultDataPath']: p.dataPath,
            defaultReplicaCount: std.manifestJsonMinified({ v1: std.toString(p.copies), v2: std.toString(p.copies) }),
            storageReservedPercentageForDefaultDisk: why(30, "It shares the disk with the machine's own system: logs and images need room. With a disk of its own 10 is enough."),
            nodeDownPodDeletionPolicy: why(
              'delete-both-statefulset-and-deployment-pod',
              'When a machine dies, its pods would hold their volumes until somebody deletes them by hand.'
            ),
            concurrentAutomaticEngineUpgradePerNodeLimit: why(1, 'After an upgrade the engines of the volumes follow by themselves, one at a time.'),
            systemManagedCSIComponentsResourceLimits: driverResources,
            upgradeChecker: why(false, 'Renovate tells of new versions; nothing needs to ask the internet for them.'),
            allowCollectingLonghornUsageMetrics: false,
            priorityClass: why(kube.criticalEach, "Longhorn's own class is below those of the platform: what serves volumes would make room for what uses them.\nOf a volume that is attached it changes nothing before it is detached."),
          }, 'Each machine needs open-iscsi, and for volumes that several pods share an NFS client of version 4.\nWith labels node.longhorn.io/create-default-disk and createDefaultDiskLabeledNodes only some machines give their disks.'),
          [if p.backupTarget != null then 'defaultBackupStore']: {
            backupTarget: p.backupTarget,
            [if keys != [] then 'backupTargetCredentialSecret']: p.backupSecret,
          },
          longhornDriver: { priorityClass: kube.critical },
          longhornManager: {
            priorityClass: kube.criticalEach,
            resources: why(kube.resources('100m', '256Mi', '1Gi'), 'What serves the volumes themselves, the instance managers, takes as much as the volumes ask for.'),
          },
          longhornUI: why(
            { replicas: p.pages, priorityClass: null },
            'It asks nobody who they are, and only the ingress may reach it' + (
              if p.host != null then ': so can whoever reaches ' + p.host + '.'
              else '. It is not exposed:\nkubectl -n ' + p.namespace + ' port-forward service/longhorn-frontend 8080:80'
            )
          ),
        },
      }],
      patches: [
        // The chart has no fields for who these run as, nor for what they may take.
        workload('DaemonSet', 'longhorn-manager', { containers: [{
          name: 'pre-pull-share-manager-image',
          resources: kube.resources('10m', '16Mi', '64Mi'),
          securityContext: kube.user(65534) + kube.confined,
        }] }),
        workload('Deployment', 'longhorn-driver-deployer', {
          securityContext: kube.user(65534),
          initContainers: [{ name: 'wait-longhorn-manager', resources: tools, securityContext: kube.confined }],
          containers: [{ name: 'longhorn-driver-deployer', resources: tools, securityContext: kube.confined }],
        }),
        workload('Deployment', 'longhorn-ui', {
          automountServiceAccountToken: false,
          securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [{
            name: 'longhorn-ui',
            resources: tools,
            securityContext: kube.confined,
            readinessProbe: { httpGet: { path: '/', port: 'http' } },
            livenessProbe: { tcpSocket: { port: 'http' } },
          }],
        }),
        // Argo CD would make the uninstall Job part of every deletion of the Application, whatever its finalizers say:
        // deleting is never an accident. The other Job waits for what Argo CD waits for itself.
        {
          target: { kind: 'Job', annotationSelector: 'helm.sh/hook' },
          patch: { '$patch': 'delete', apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'any' } },
        },
      ],
      objects: {
        'network-policy.yaml': [
          kube.reached('longhorn-ui', p.namespace, { matchLabels: { app: 'longhorn-ui' } }, ingress.proxies(platform)),
          kube.reached('longhorn-driver-deployer', p.namespace, { matchLabels: { app: 'longhorn-driver-deployer' } }, []),
        ],
        // The chart lets nothing but Longhorn itself reach the managers.
        [if platform.monitoring.measures then 'metrics-policy.yaml']: kube.reached('longhorn-metrics', p.namespace, manager, platform.monitoring.peers),
      },
      extras: {
        'monitor.yaml':
          platform.monitoring.podMonitor('longhorn', p.namespace, manager, [{ port: 'manager' }])
          + platform.monitoring.rules('longhorn', p.namespace, alarms(p.backupTarget != null)),
        'dashboard.yaml': platform.monitoring.dashboard('longhorn', 'Longhorn', panels),
        [if p.backupTarget != null then 'backup.yaml']: kube.object('longhorn.io/v1beta2', 'RecurringJob', 'backup', p.namespace, {
          metadata+: { annotations: {
            'kubernetes.io/description': 'Keeps the last ' + p.backupRetain + ' backups of each volume that has no schedule of its own in ' + p.backupTarget + '.',
          } },
          spec: {
            name: 'backup',
            task: 'backup',
            cron: p.backupSchedule,
            retain: p.backupRetain,
            concurrency: 1,
            groups: ['default'],  // volumes without schedules of their own
          },
        }),
        'snapshots.yaml': if p.snapshots then [kube.snapshotClass(class, 'driver.longhorn.io', { type: why('snap', 'Within Longhorn; bak would copy it to the store of backups.') })] else [],
        [if p.host != null then 'page.yaml']:
          if !platform.ingress.exposes then error 'longhorn: host is set, but nothing exposes pages; choose capabilities.ingress'
          else platform.ingress.expose({
            name: 'longhorn',
            namespace: p.namespace,
            host: ingress.host(platform, 'longhorn', 'longhorn', p.host),
            service: 'longhorn-frontend',
            port: 80,
          }),
      },
      hosts: if p.host == null then [] else [ingress.host(platform, 'longhorn', 'longhorn', p.host)],
      extrasStage: stages.last,
      readme: {
        machines:
          if platform.installation.sealed then 'Each machine needs the system extensions iscsi-tools and util-linux-tools for its volumes, and the folder of these mounted into the kubelet (`/var/lib/longhorn`, rshared).'
          else 'Each machine needs open-iscsi for its volumes, and an NFS client of version 4 for those that several pods share.',
      },
      data: if p.backupTarget == null then [] else [data.of({
        what: 'the copies of volumes',
        where: p.backupTarget,
        when: 'backups',
        backup: 'they are outside of the cluster',
        loss: 'every volume that nothing else backs up',
        restore: std.strReplace(|||
          Longhorn finds its backups by itself. Volumes that it alone has a copy of come back by its page, after the claims that are new and empty have gone, with what uses them:

          ```sh
          kubectl -n NAMESPACE port-forward service/longhorn-frontend 8080:80
          ```

          Under Backup restore each with its previous name, and under Volume make its PersistentVolume and its claim with the previous name, too.
        |||, 'NAMESPACE', p.namespace),
      })],
      secrets: if keys == [] then [] else [
        { name: p.backupSecret, namespace: p.namespace, keys: keys, purpose: 'backups of volumes to ' + p.backupTarget },
      ],
      waivers: [
        {
          rule: rule,
          match: { kind: 'DaemonSet', namespace: p.namespace, name: 'longhorn-manager', container: 'longhorn-manager' },
          reason: "It makes volumes out of the machine's own disks and mounts them there.",
        }
        for rule in ['pods/drop-all-capabilities', 'pods/drop-net-raw', 'pods/privileged', 'pods/run-as-non-root', 'pods/seccomp', 'pods/writable-host-path']
      ] + waive(
        ['pods/host-path', 'pods/sensitive-host-path'],
        { kind: 'DaemonSet', namespace: p.namespace, name: 'longhorn-manager' },
        "It makes volumes out of the machine's own disks and mounts them there."
      ) + waive(
        ['rbac/cluster-admin'],
        { kind: 'ClusterRoleBinding', name: 'longhorn-support-bundle' },
        'What gathers a bundle for support, when somebody asks for one, reads everything.'
      ) + waive(
        ['reliability/liveness-probe'],
        { kind: 'DaemonSet', namespace: p.namespace, name: 'longhorn-manager' },
        'The chart has no value for it: the manager says by its readiness what it has to say, and beside it a container sleeps.'
      ) + waive(
        ['reliability/liveness-probe'],
        { kind: 'Deployment', namespace: p.namespace, name: 'longhorn-driver-deployer' },
        'It installs the drivers, then waits, and listens nowhere.'
      ) + waive(
        ['rbac/escalate', 'rbac/wildcard'],
        { kind: 'ClusterRole', name: 'longhorn-role' },
        'The chart has no value for its rights: it makes pods, volumes and its own objects of all kinds.'
      ) + waive(
        ['rbac/escalate', 'rbac/wildcard'],
        { kind: 'Role', namespace: p.namespace, name: 'longhorn' },
        'The chart has no value for its rights: it makes pods, volumes and its own objects of all kinds.'
      ) + waive(
        ['network/open-policy'],
        { kind: 'NetworkPolicy', namespace: p.namespace, name: 'longhorn-webhook' },
        'The API server asks it, whose address no policy knows.'
      ),
      // Whoever reaches it may delete volumes.
      guarded:: [{ name: 'longhorn', namespace: p.namespace, service: 'longhorn-frontend', port: 80, pods: { matchLabels: { app: 'longhorn-ui' } }, 'for': 'admins' }],
      provides:: {
        class: class,
        [if p.backupTarget != null then 'backup']: 'Longhorn, to ' + p.backupTarget,
        snapshots: p.snapshots,
        shared: class,  // the same class: Longhorn puts an NFS server before a volume that several pods write to
        namespace: p.namespace,
      },
    },
)
