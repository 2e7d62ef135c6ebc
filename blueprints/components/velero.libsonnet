// velero backs up objects and volumes to a store outside of the cluster, every night, and restores them.
//
// Volumes are read file by file on their machine, whatever storage they are of; where a driver has snapshots that cost no copy, these
// are read, so that all files of a volume are of one moment.
local component = import '../lib/component.libsonnet';
local data = import '../lib/data.libsonnet';
local derived = import '../lib/derived.libsonnet';
local kube = import '../lib/kube.libsonnet';
local measure = import '../lib/measure.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'velero';
local agent = 'node-agent';
local credentials = 'velero-credentials';
local password = 'velero-repo-credentials';  // as Velero calls it
local volumes = 'volumes';
local schedule = 'daily';
local ran = 'schedule="' + name + '-' + schedule + '"';

local told(p, field, says) =
  if p[field] != null then p[field]
  else error 'components.velero.params.' + field + ': want ' + says;

// What is behind an address of the cluster itself is lost with it.
local inside(platform, url) =
  local host = std.split(std.split(url + '//', '//')[1], '/')[0];
  local bare = std.split(host, ':')[0];
  std.endsWith(bare, '.svc') || std.endsWith(bare, '.svc.cluster.local') || bare == platform.storage.endpoint;

// Where backups go, by provider: the plugin for it, its name for Velero, its settings and what the Secret holds.
local providers = {
  azure: {
    plugin: 'velero/velero-plugin-for-microsoft-azure:v1.14.1',
    name: 'velero.io/azure',
    secret: 'AZURE_STORAGE_ACCOUNT_ACCESS_KEY=... and AZURE_CLOUD_NAME=AzurePublicCloud, a line each',
    config(p, platform):: {
      storageAccount: told(p, 'account', 'the storage account'),
      storageAccountURI: 'https://' + p.account + '.blob.core.windows.net',
      storageAccountKeyEnvVar: 'AZURE_STORAGE_ACCOUNT_ACCESS_KEY',
    },
  },
  s3: {
    plugin: 'velero/velero-plugin-for-aws:v1.14.1',
    name: 'velero.io/aws',
    secret: '[default], aws_access_key_id=... and aws_secret_access_key=..., a line each',
    config(p, platform):: { region: p.region } + if p.endpoint == null then {} else {
      s3Url: if inside(platform, p.endpoint) then error 'components.velero.params.endpoint: ' + p.endpoint + ' is in the cluster: what is backed up there is lost with it' else p.endpoint,
      s3ForcePathStyle: 'true',
      checksumAlgorithm: why('', 'Ceph, Backblaze and others refuse the checksums that Amazon takes.'),
    },
  },
};

local providerOf(provider) =
  if std.objectHas(providers, provider) then providers[provider]
  else error 'components.velero.params.provider: ' + provider + ': want one of ' + std.join(', ', std.objectFields(providers));

local alarms(late) = [{ name: name, rules: [
  measure.alarm(
    'BackupLate',
    'critical',
    '10m',
    'time() - velero_backup_last_successful_timestamp{' + ran + '} > ' + late + ' * 3600',
    'No backup has succeeded for {{ $value | humanizeDuration }}.'
  ),
  measure.alarm('BackupNever', 'critical', late + 'h', 'absent(velero_backup_last_successful_timestamp{' + ran + '})', 'No backup has ever succeeded, or nobody measures it.'),
  measure.alarm('BackupFailed', 'warning', '15m', 'velero_backup_last_status{' + ran + '} == 0', 'The last backup failed, in part or as a whole: velero backup describe tells why.'),
  measure.alarm(
    'BackupLocationLost',
    'critical',
    '30m',
    'velero_backup_location_status_gauge == 0',
    'The store {{ $labels.backup_location_name }} of backups is out of reach, or lets nobody in.'
  ),
  measure.alarm(
    'BackupNotDeleted',
    'warning',
    '0m',
    'increase(velero_backup_deletion_failure_total[1d]) > 0',
    'Old backups could not be deleted: the store fills up.'
  ),
] }];

local nowhere = [{ name: name, rules: [
  measure.alarm('BackupNowhere', 'warning', '1h', 'vector(1)', 'Nothing is backed up: nobody said where to. gitopsgen doctor tells how.'),
] }];

local panels = [
  measure.now('Since the last backup', 's', { age: 'time() - velero_backup_last_successful_timestamp{' + ran + '}' }),
  measure.now('Backups', 'none', { kept: 'velero_backup_total' }),
  measure.line('Objects in a backup', 'none', { all: 'velero_backup_items_total{' + ran + '}', failed: 'velero_backup_items_errors{' + ran + '}' }),
  measure.line('A backup takes', 's', {
    mean: 'rate(velero_backup_duration_seconds_sum{' + ran + '}[1d]) / rate(velero_backup_duration_seconds_count{' + ran + '}[1d])',
  }),
];

local restoring = |||
  ## Backups

  Velero writes them to BUCKET, below PREFIX. Keep what is in the Secrets `velero-credentials` and `velero-repo-credentials` outside of the cluster: without them
  nothing can be restored. Try it before you need it:

  ```sh
  velero backup get
  velero restore create --from-backup NAME --include-namespaces NAMESPACE --namespace-mappings NAMESPACE:NAMESPACE-restored
  ```

  A cluster that is lost is bootstrapped anew, with the same Secrets: Velero then finds the backups by itself, and [RESTORE.md](RESTORE.md) has the way. Files of databases change
  while they are read: have each write a dump into a volume before, by the annotation `pre.hook.backup.velero.io/command` of its pod.
|||;

// What is done with it once the cluster is bootstrapped anew. Until all is back nothing else writes: neither Argo CD, which would make
// anew what is deleted here, nor Velero, which would keep what is empty and delete what is old.
local back(p, platform) =
  local cli = 'velero -n ' + p.namespace;
  local location(mode) = 'kubectl -n ' + p.namespace + " patch backupstoragelocation default --type merge --patch '" + std.manifestJsonMinified({ spec: { accessMode: mode } }) + "'";
  local shell(lines) = '```sh\n' + std.join('\n', lines) + '\n```\n';
  local spaces(list) = std.join(' ', list);
  local tell(given, otherwise, where) = if given != null then where + ', on the cluster `' + platform.spec.clusters[0].name + '`:\n\n' + shell([given]) else otherwise + '\n';
  local copied = data.copied(platform, false), history = data.copied(platform, true), kept = data.kept(platform);
  {
    restore: std.join('\n', [
      'Wait until Velero has found its backups. Then nothing is to change any more but what you restore.\n',
      tell(platform.gitops.pause, 'Have Argo CD apply nothing until the end.', 'Stop Argo CD'),
      'Stop Velero from writing to ' + '`' + p.bucket + '`' + ', and choose the last backup from before the loss:\n',
      shell([
        location('ReadOnly'),
        cli + ' backup get --selector velero.io/schedule-name=' + name + '-' + schedule,
        'BACKUP=' + name + '-' + schedule + '-...',
      ]),
    ] + (if kept == [] then [] else [
           'Secrets of which you had no copy before the bootstrap:\n',
           shell([cli + ' restore create --from-backup "$BACKUP" --include-namespaces ' + std.join(',', kept) + ' --include-resources secrets --existing-resource-policy update --wait']),
         ]) + (if copied == [] then [] else [
                 'All that these namespaces have held. What stands there by now is deleted, for volumes come back as new ones alone:\n',
                 shell([
                   'for namespace in ' + spaces(copied) + '; do',
                   '  kubectl delete namespace "$namespace" --ignore-not-found',
                   '  ' + cli + ' restore create --from-backup "$BACKUP" --include-namespaces "$namespace" --wait',
                   'done',
                   cli + ' restore get',
                 ]),
               ]) + (if std.setDiff(history, copied) == [] then [] else [
                       'Mere history, where you want it, in the same way: ' + std.join(', ', ['`' + namespace + '`' for namespace in std.setDiff(history, copied)]) + '.\n',
                     ])),
    after: std.join('\n', [
      'Let Velero write again:\n',
      shell([location('ReadWrite')]),
      tell(platform.gitops.resume, 'Have Argo CD apply again what Git says.', 'Start Argo CD again'),
    ]),
  };

component(
  {
    name: name,
    purpose: 'backs up objects and volumes to a store outside of the cluster, and restores them',
    capability: 'backup',
    option: name,
    tried: { provider: 's3', bucket: 'backups', endpoint: 'https://s3.example.org' },
    params: {
      provider: '`s3`, for all that speak it, or `azure`: without one nothing is backed up',
      bucket: 'the bucket, or the container of Azure',
      prefix: 'the folder in it',
      endpoint: "s3: the URL of the store, where it is not Amazon's",
      region: 's3: the region of the bucket',
      account: 'azure: the storage account',
      config: 'further settings of the store, as its plugin names them',
      schedule: 'when backups are made, as cron has it',
      keep: 'how long backups are kept',
      late: 'hours without a successful backup that are an alarm',
      except: 'namespaces that are not backed up',
    },
  },
  {
    namespace: 'velero',
    version: '12.1.0',
    provider: null,
    bucket: null,
    prefix: derived('the names of the platform and the cluster', function(p, platform) platform.spec.name + '/' + platform.cluster.name),
    endpoint: null,
    region: 'us-east-1',
    account: null,
    config: {},
    schedule: '0 2 * * *',
    keep: '720h',
    late: 26,
    except: [],
    resources:: tier(kube.resources('50m', '128Mi', '512Mi'), kube.resources('100m', '256Mi', '1Gi'), kube.resources('250m', '512Mi', '2Gi')),
    // What reads a volume holds what it knows of all its files.
    movers:: tier(
      { cpuRequest: '50m', memoryRequest: '128Mi', memoryLimit: '1Gi' },
      { cpuRequest: '100m', memoryRequest: '256Mi', memoryLimit: '2Gi' },
      { cpuRequest: '250m', memoryRequest: '512Mi', memoryLimit: '4Gi' }
    ),
  },
  function(p, platform)
    if p.provider == null then {
      stage: stages.last,
      extrasStage: stages.last,
      decisions: [{
        what: 'nothing is backed up: nobody said where to',
        do: 'set components.velero.params.provider to s3 or azure, with bucket and, of azure, account; no store of the cluster itself, which would be lost with it',
      }],
      extras: {
        'alarms.yaml': if platform.monitoring.namespace == null then [] else platform.monitoring.rules(name, platform.monitoring.namespace, nowhere),
      },
    } else
      local provider = providerOf(p.provider);
      local plugin = std.split(provider.plugin, ':');
      local scratch = [{ name: 'HOME', value: '/scratch' }];
      local labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': name };
      local instant = platform.storage.instant;
      local asked = { httpGet: { path: '/metrics', port: 'http-monitoring' }, timeoutSeconds: 5 };
      local held = { name: 'repository-password', secret: { secretName: password } };
      local holding = { name: held.name, mountPath: '/repository-password', readOnly: true };
      {
        stage: why(stages.last, 'It waits for Secrets that somebody makes, and nothing else should.'),
        extrasStage: stages.last,
        crds: true,
        namespaces: { [p.namespace]: 'privileged' },
        registries: ['docker.io/velero/'],
        images: ['docker.io/velero/velero', 'docker.io/' + plugin[0]],
        charts: [{
          repo: 'https://vmware-tanzu.github.io/helm-charts',
          name: name,
          version: p.version,
          includeCRDs: true,
          values: {
            upgradeCRDs: why(false, 'Argo CD brings the CRDs.'),
            initContainers: why([{
              name: 'plugin',
              image: 'docker.io/' + provider.plugin,
              resources: kube.resources('10m', '16Mi', '64Mi'),
              securityContext: kube.confined { readOnlyRootFilesystem: true },
              volumeMounts: [{ name: 'plugins', mountPath: '/target' }],
            }], 'The plugin for the store. Its version belongs to that of Velero: 1.14 to 1.18.'),
            podSecurityContext: kube.user(65532) { fsGroup: 65532 },
            containerSecurityContext: kube.confined { readOnlyRootFilesystem: true },
            resources: p.resources,
            extraVolumes: why([held], 'It is here so that nothing begins without it: Velero would make one with a password that everybody knows.'),
            extraVolumeMounts: [holding],
            credentials: { existingSecret: credentials },
            configuration: {
              backupStorageLocation: [{
                name: 'default',
                default: true,
                provider: provider.name,
                bucket: told(p, 'bucket', 'the bucket, or the container of Azure'),
                prefix: p.prefix,
                credential: { name: credentials, key: 'cloud' },
                config: provider.config(p, platform) + p.config,
              }],
              [if instant != [] then 'features']: 'EnableCSI',
              defaultVolumesToFsBackup: why(true, 'All volumes of pods, without a word of each. An annotation at a pod leaves one out: backup.velero.io/backup-volumes-excludes.'),
              extraEnvVars: why(scratch, 'Where it may write.'),
              repositoryMaintenanceJob: { repositoryConfigData: { global: { podResources: p.movers } } },
            },
            snapshotsEnabled: why(false, 'Volumes are backed up as files: snapshots stay on the disks whose loss they are for.'),
            schedules: { [schedule]: {
              schedule: p.schedule,
              template: {
                ttl: p.keep,
                storageLocation: 'default',
                [if instant == [] then 'snapshotVolumes']: false,
                [if instant != [] then 'snapshotMoveData']: why(true, 'To the store, and then the snapshot goes.'),
                [if instant != [] then 'resourcePolicy']: { kind: 'configmap', name: volumes },
                [if p.except != [] then 'excludedNamespaces']: p.except,
              },
            } },
            rbac: why({ create: false }, 'rbac.yaml beside this file says the same once.'),
            deployNodeAgent: true,
            nodeAgent: {
              podSecurityContext: why({ runAsUser: 0, seccompProfile: { type: 'RuntimeDefault' } }, 'The volumes of pods belong to root, on their machine.'),
              containerSecurityContext: kube.confined { readOnlyRootFilesystem: true },
              resources: kube.resources('20m', '64Mi', '512Mi'),
              tolerations: why([{ effect: 'NoSchedule', operator: 'Exists' }], 'Also the volumes on the machines that run the control plane.'),
              extraArgs: ['--node-agent-configmap=' + agent],
              extraVolumes: [{ name: 'tmp', emptyDir: {} }],
              extraVolumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
            },
          },
        }],
        patches: [{
          target: { kind: 'DaemonSet', name: agent },
          patch: kube.object('apps/v1', 'DaemonSet', agent, rest={ spec: { template: { spec: { containers: [{
            name: agent,
            readinessProbe: asked { periodSeconds: 30 },
            livenessProbe: asked { periodSeconds: 60, failureThreshold: 5 },
          }] } } } }),
        }],
        objects: {
          'rbac.yaml': kube.object('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', name, rest={
            roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
            subjects: [{ kind: 'ServiceAccount', name: name + '-server', namespace: p.namespace }],
          }),
          // How those work that read and write volumes.
          'node-agent.yaml': kube.object('v1', 'ConfigMap', agent, p.namespace, {
            data: { 'node-agent.json': std.manifestJsonEx({ loadConcurrency: { globalConfig: 1 }, podResources: p.movers }, '  ') + '\n' },
          }),
          [if instant != [] then 'volumes.yaml']: kube.object('v1', 'ConfigMap', volumes, p.namespace, {
            data: { 'volumes.yaml': std.manifestYamlDoc({
              version: 'v1',
              volumePolicies: [{ conditions: { csi: { driver: driver } }, action: { type: 'snapshot' } } for driver in instant],
            }, quote_keys=false) + '\n' },
          }),
          // Nobody asks them anything, but for what they measure.
          'network-policy.yaml': kube.reached(name, p.namespace, {}, platform.monitoring.peers),
        },
        extras: {
          'monitor.yaml':
            platform.monitoring.podMonitor(name, p.namespace, { matchLabels: labels }, [{ port: 'http-monitoring' }])
            + platform.monitoring.rules(name, p.namespace, alarms(p.late)),
          'dashboard.yaml': platform.monitoring.dashboard(name, 'Backups', panels),
        },
        readme: { section: std.strReplace(std.strReplace(restoring, 'BUCKET', '`' + p.bucket + '`'), 'PREFIX', '`' + p.prefix + '`') },
        data: [
          data.of(back(p, platform) {
            what: 'the backups',
            where: p.bucket + '/' + p.prefix,
            when: 'backups',
            backup: 'they are outside of the cluster',
            loss: 'everything that nothing else backs up',
          }),
          data.of({
            what: 'the password of the backups',
            where: 'Secret ' + p.namespace + '/' + password,
            when: 'secrets',
            loss: 'every backup of a volume, which nobody can read',
            keep: 'keep repository-password where you keep passwords, and outside of the cluster',
          }),
        ],
        secrets: [
          { name: credentials, namespace: p.namespace, keys: ['cloud'], purpose: 'the store of backups: ' + provider.secret },
          { name: password, namespace: p.namespace, keys: ['repository-password'], purpose: 'the encryption of backups of volumes, before the first of them' },
        ],
        waivers: waive(
          ['rbac/cluster-admin'],
          { kind: 'ClusterRoleBinding', name: name },
          'Who is to restore everything must be allowed to make everything.'
        ) + waive(
          ['pods/host-path', 'pods/run-as-non-root', 'pods/sensitive-host-path', 'pods/writable-host-path'],
          { kind: 'DaemonSet', namespace: p.namespace, name: agent },
          'It backs up the volumes of all pods of the machine, which belong to root there, and restores them.'
        ),
        provides:: {
          by: 'Velero, by its schedule ' + name + '-' + schedule,
          except: p.except,
          before(container, command):: {
            ['pre.hook.backup.velero.io/' + field[0]]: field[1]
            for field in [['container', container], ['command', std.manifestJsonMinified(['/bin/sh', '-c', command])], ['timeout', '30m']]
          },
        },
      },
)
