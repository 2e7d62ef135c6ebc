// loki keeps the logs of all workloads.
//
// One server with a disk holds some GB a day. Where object storage is served it grows: three servers that stand in for
// each other, and for enterprises one for each task.
local component = import '../lib/component.libsonnet';
local data = import '../lib/data.libsonnet';
local derived = import '../lib/derived.libsonnet';
local kube = import '../lib/kube.libsonnet';
local tier = import '../lib/tier.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'loki';

// The claim of the bucket, and the ConfigMap and the Secret that fulfil it.
local bucket = 'loki-bucket';

// What stands where each task has servers of its own. Ingesters keep on a disk what is not in the bucket yet, the
// compactor what it is to delete.
local tasks = {
  compactor: { replicas: 1, resources: kube.resources('100m', '256Mi', '1Gi') },
  distributor: { replicas: 2, resources: kube.resources('100m', '256Mi', '1Gi') },
  indexGateway: { replicas: 2, resources: kube.resources('100m', '256Mi', '1Gi') },
  ingester: { replicas: 3, resources: kube.resources('500m', '1Gi', '4Gi') },
  querier: { replicas: 2, resources: kube.resources('250m', '512Mi', '2Gi') },
  queryFrontend: { replicas: 2, resources: kube.resources('100m', '256Mi', '1Gi') },
  queryScheduler: { replicas: 2, resources: kube.resources('50m', '64Mi', '256Mi') },
};

local kebab = { indexGateway: 'index-gateway', queryFrontend: 'query-frontend', queryScheduler: 'query-scheduler' };

// Where object storage is served, and the platform is large enough for it.
local scaled(p, platform) = p.grows && platform.storage.bucket != null;

component(
  {
    name: name,
    purpose: 'keeps the logs of all workloads',
    capability: 'logging',
    option: name,
    with: ['alloy'],
    params: {
      retention: 'how long logs are kept, in hours, by whole days',
      storage: 'the disk of each server that has one',
      clients: 'namespaces whose pods may send and read logs, besides those of what the platform sends and shows them with',
    },
  },
  {
    namespace: 'loki',
    version: '18.11.0',
    retention: tier('168h', '336h', '720h'),
    storage: derived('10Gi where buckets are served, else 5Gi, 50Gi or 100Gi by tier', function(p, platform)
      if scaled(p, platform) then '10Gi' else p.alone),
    alone:: tier('5Gi', '50Gi', '100Gi'),
    grows:: tier(false, true, true),
    divides:: tier(false, false, true),
    servers:: 3,
    resources:: tier(kube.resources('100m', '256Mi', '1Gi'), kube.resources('250m', '512Mi', '2Gi'), kube.resources('500m', '1Gi', '4Gi')),
    clients: [],
  },
  function(p, platform)
    local grown = scaled(p, platform);
    local distributed = grown && p.divides;
    local replicas = if grown then p.servers else 1;
    local store = if grown then 's3' else 'filesystem';
    local class = platform.storage.class;
    local labels(component) = {
      'app.kubernetes.io/name': name,
      'app.kubernetes.io/instance': name,
      'app.kubernetes.io/component': component,
    };
    // The chart insists on different machines: on fewer than it has pods one would wait for ever.
    local spread(component) = {
      affinity: { podAntiAffinity: null },
      topologySpreadConstraints: kube.spread(labels(component)),
    };
    local budget(replicas) = { [if replicas > 1 then 'podDisruptionBudget']: kube.disruptionBudget };
    local claim = { enabled: true, claims: [
      { name: 'data', accessModes: ['ReadWriteOnce'], size: p.storage, storageClass: class },
    ] };
    local none = { replicas: 0 };
    local off = { enabled: false };
    local servers =
      if distributed then {
        [task]: tasks[task]
                + budget(tasks[task].replicas)
                + spread(std.get(kebab, task, task))
                + { [if std.member(['compactor', 'ingester'], task) then 'persistence']: claim }
                + { [if task == 'ingester' then 'zoneAwareReplication']: off }
        for task in std.objectFields(tasks)
      } else {
        singleBinary: {
          replicas: replicas,
          resources: p.resources,
          persistence: why(
            { size: p.storage, [if class != null then 'storageClass']: class },
            if class != null then 'A claim cannot be made smaller later.'
            else 'Nothing here serves storage: the cluster must have a class that it takes by default, or Loki waits for ever.'
          ),
        } + budget(replicas) + if replicas > 1 then spread('single-binary') else {},
      };
    local address(component) = 'http://' + name + component + '.' + p.namespace + '.svc:3100';
    local readers = std.set(p.clients + platform.logging.senders + (if platform.monitoring.measures then [platform.monitoring.namespace] else []));
    {
      stage: why(stages.last, 'Its disks may wait for somebody to give some, and nothing else should.'),
      extrasStage: stages.last,
      namespaces: { [p.namespace]: 'restricted' },
      registries: ['docker.io/grafana/'],
      images: ['docker.io/grafana/loki'],
      charts: [{
        repo: 'https://grafana-community.github.io/helm-charts',
        name: name,
        version: p.version,
        values: {
          deploymentMode:
            if distributed then why('Distributed', 'Each task grows by itself: raise replicas of what is busy.')
            else if grown then why('Monolithic', 'For some tens of GB a day; beyond that, Distributed.')
            else why('Monolithic', 'One server with one disk: nothing here serves buckets, or there is no need for more.'),
          loki: {
            auth_enabled: why(false, 'One tenant. Who may read at all, the network policy beside this file says.'),
            analytics: { reporting_enabled: false },
            commonConfig: { replication_factor: replicas },
            compactor: { retention_enabled: true, delete_request_store: store },
            limits_config: { retention_period: p.retention },
            schemaConfig: why({ configs: [{
              from: '2024-04-01',
              store: 'tsdb',
              object_store: store,
              schema: 'v13',
              index: { prefix: 'index_', period: '24h' },
            }] }, 'What is written stays readable by this: add an entry with a later date, never change one.'),
            storage: if !grown then { type: store } else {
              type: store,
              bucketNames: { chunks: '${BUCKET_NAME}', ruler: '${BUCKET_NAME}' },
              s3: {
                endpoint: '${BUCKET_HOST}:${BUCKET_PORT}',
                accessKeyId: '${AWS_ACCESS_KEY_ID}',
                secretAccessKey: '${AWS_SECRET_ACCESS_KEY}',
                s3ForcePathStyle: true,
                insecure: why(true, 'Within the cluster the bucket is asked by plain HTTP; the network encrypts between machines.'),
              },
            },
          },
          defaults: {
            automountServiceAccountToken: why(false, 'It never asks the API server.'),
            [if grown then 'extraEnvFrom']: [{ configMapRef: { name: bucket } }, { secretRef: { name: bucket } }],
          },
          serviceAccount: { automountServiceAccountToken: false },
          rbac: { namespaced: true },
          backend: none,
          read: none,
          write: none,
          gateway: why(off, 'Nothing outside of the cluster sends logs, and within it the servers are asked themselves.'),
          chunksCache: why(off, 'It would ask for 10 GiB of memory.'),
          memcached: off,
          resultsCache: off,
          lokiCanary: off,
          test: off,
          ruler: off,
          sidecar: { rules: off },
        } + servers,
      }],
      objects: {
        // Whoever reaches Loki reads the logs of everybody.
        'network-policy.yaml': kube.reached(name, p.namespace, {}, [{ podSelector: {} }] + kube.from(readers)),
        [if grown then 'bucket.yaml']: kube.object('objectbucket.io/v1alpha1', 'ObjectBucketClaim', bucket, p.namespace, {
          metadata+: { annotations: kube.kept },
          spec: { generateBucketName: name, storageClassName: platform.storage.bucket },
        }),
      },
      extras: {
        'datasource.yaml': platform.monitoring.datasource(name, {
          name: 'Loki',
          type: 'loki',
          uid: name,
          access: 'proxy',
          url: address(if distributed then '-query-frontend' else ''),
        }),
        'monitor.yaml': platform.monitoring.podMonitor(
          name, p.namespace, { matchLabels: { 'app.kubernetes.io/name': name } }, [{ port: 'http-metrics' }]
        ),
      },
      data: [
        if grown then data.of({
          what: 'the bucket of Loki',
          where: 'ObjectBucketClaim ' + p.namespace + '/' + bucket,
          loss: 'logs',
          history: true,
          keep: 'nothing here copies buckets: have them copied by what can, such as rclone, if logs must be kept',
        }) else data.claims(platform, p.namespace, { what: 'the volume of Loki', loss: 'logs', history: true }),
      ],
      provides:: {
        namespace: p.namespace,
        senders: ['alloy'],
        // push is where logs are sent to, as Loki takes them.
        push: address(if distributed then '-distributor' else '') + '/loki/api/v1/push',
      },
    },
)
