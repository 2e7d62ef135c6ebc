// eck keeps the logs of all workloads in Elasticsearch, and people search them by Kibana.
//
// Its licence is the Elastic License 2.0, which a company must read: it forbids to offer this to others as a service. What is used here
// comes with the subscription Basic, which costs nothing; login by OIDC and certificates of clients do not. So people and Fluent Bit
// have passwords.
local component = import '../lib/component.libsonnet';
local holds = import '../lib/data.libsonnet';
local ingress = import '../lib/ingress.libsonnet';
local kube = import '../lib/kube.libsonnet';
local measure = import '../lib/measure.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'eck';
local operator = 'elastic-operator';

// The operator names what it makes after this.
local logs = 'logs';
local server = { 'elasticsearch.k8s.elastic.co/cluster-name': logs };
local page = { 'kibana.k8s.elastic.co/name': logs };
local authority = logs + '-es-http-certs-public';
local secret = logs + '-fluent-bit';
local sender = 'fluent-bit';
local image = 'docker.elastic.co/elasticsearch/elasticsearch';

// The data stream that all logs are written to.
local stream = 'platform-logs';

// template says what is found by which field. What is not named here is kept, and shown, but not searched: every label and every
// field that some program writes would be one more of a thousand that an index may have.
local template(shards, copies, days) = {
  index_patterns: [stream],
  data_stream: {},
  priority: 500,
  template: {
    lifecycle: { data_retention: days + 'd' },
    settings: { index: { number_of_shards: shards, number_of_replicas: copies, codec: 'best_compression', refresh_interval: '10s' } },
    mappings: {
      local keyword = { type: 'keyword', ignore_above: 1024 },
      dynamic: false,
      properties: {
        '@timestamp': { type: 'date' },
        cluster: keyword,
        message: { type: 'text' },
        stream: keyword,
        kubernetes: { dynamic: false, properties: {
          container_image: keyword,
          container_name: keyword,
          host: keyword,
          labels: { type: 'flattened' },
          namespace_name: keyword,
          pod_name: keyword,
        } },
      },
    },
  },
};

local writer = { indices: [{ names: [stream], privileges: ['create_doc'] }] };

local setUp = |||
  set -eu
  url=https://logs-es-http:9200
  ask() { curl -sS --fail-with-body --cacert /certs/ca.crt -u "elastic:$PASSWORD" -H 'Content-Type: application/json' "$@"; }
  until ask -o /dev/null "$url"; do sleep 5; done
  ask -X PUT "$url/_security/role/logs_writer" -d @/config/writer.json
  ask -X PUT "$url/_index_template/platform-logs" -d @/config/template.json
  ask -o /dev/null "$url/_data_stream/platform-logs" || ask -X PUT "$url/_data_stream/platform-logs"
  ask -X PUT "$url/_data_stream/platform-logs/_lifecycle" -d @/config/lifecycle.json
|||;

local alarms(namespace) = [{ name: name, rules: [
  measure.alarm(
    'LogStoreIncomplete',
    'critical',
    '15m',
    'kube_statefulset_status_replicas_ready{namespace="' + namespace + '", statefulset="logs-es-default"} < kube_statefulset_replicas{namespace="' + namespace + '", statefulset="logs-es-default"}',
    'Only {{ $value }} servers of Elasticsearch work: what is lost besides may be lost for good.'
  ),
  measure.alarm(
    'LogStoreFills',
    'warning',
    '30m',
    'kubelet_volume_stats_used_bytes{namespace="' + namespace + '", persistentvolumeclaim=~"elasticsearch-data-logs-es-default-[0-9]+"} / kubelet_volume_stats_capacity_bytes{namespace="' + namespace + '", persistentvolumeclaim=~"elasticsearch-data-logs-es-default-[0-9]+"} > 0.85',
    'The disk {{ $labels.persistentvolumeclaim }} is {{ $value | humanizePercentage }} full: from 85 % Elasticsearch puts nothing new there, from 95 % it takes no logs.'
  ),
] }];

local manual = |||
  ## Logs of CLUSTER

  Fluent Bit reads the logs of all pods, Elasticsearch keeps them for DAYS days, and people search them in PAGE. Choose the
  password of Fluent Bit first:

  ```sh
  kubectl -n NAMESPACE create secret generic logs-fluent-bit --from-literal=username=fluent-bit --from-literal=roles=logs_writer \
    --from-literal=password="$(openssl rand -hex 24)"
  ```

  The first user is `elastic`, who may do everything; the operator makes the password. Log in with it, make users for people, and the data view `platform-logs`.

  ```sh
  kubectl -n NAMESPACE get secret logs-es-elastic-user -o go-template='{{.data.elastic | base64decode}}'
  ```

  There are no snapshots until somebody names a place for them in Kibana. ECK, Elasticsearch and Kibana are under the Elastic License 2.0, and used by the subscription Basic.
|||;

component(
  {
    name: name,
    purpose: 'keeps the logs of all workloads in Elasticsearch, and shows them by Kibana (licence: Elastic License 2.0)',
    capability: 'logging',
    option: name,
    with: ['fluent-bit'],
    params: {
      elasticsearch: 'the version of Elasticsearch and Kibana',
      operator: 'the namespace of the operator',
      replicas: 'servers: one, or at least three, which can do without one',
      storage: 'the disk of each server',
      memory: 'the memory of each server; Elasticsearch takes half of it for itself',
      retention: 'days for which logs are kept',
      shards: 'shards of each index',
      kibanas: 'pods of Kibana',
    },
  },
  {
    namespace: 'logging',
    version: '3.5.0',
    elasticsearch: '9.4.3',
    operator: 'elastic-system',
    replicas: tier(1, 3, 3),
    storage: tier('10Gi', '50Gi', '200Gi'),
    memory: tier('2Gi', '4Gi', '8Gi'),
    cpu:: tier('250m', '500m', '1'),
    retention: tier(7, 14, 30),
    shards: tier(1, 1, 3),
    kibanas: tier(1, 1, 2),
    host: null,
  },
  function(p, platform)
    local replicas =
      if p.replicas != 2 then p.replicas
      else error 'components.eck.params.replicas: 2: want 1, or at least 3, as two cannot decide which of them is right';
    local host = ingress.host(platform, name, 'logs', p.host);
    // Nobody is to send a password in clear.
    local exposed = platform.ingress.exposes && ingress.overTLS(platform);
    local class = platform.storage.class;
    local confined = kube.confined { readOnlyRootFilesystem: true };
    local text = std.foldl(
      function(text, word) std.strReplace(text, word[0], word[1]),
      [
        ['PAGE', if exposed then '`https://' + host + '`' else 'Kibana, by `kubectl -n NAMESPACE port-forward service/logs-kb-http 5601`'],
        ['NAMESPACE', p.namespace],
        ['CLUSTER', platform.cluster.name],
        ['DAYS', std.toString(p.retention)],
      ],
      manual
    );
    local files = {
      'lifecycle.json': { data_retention: p.retention + 'd' },
      'template.json': template(p.shards, if replicas > 1 then 1 else 0, p.retention),
      'writer.json': writer,
    };
    local data = { [file]: std.manifestJsonEx(files[file], '  ') + '\n' for file in std.objectFields(files) };
    local setup = { 'app.kubernetes.io/name': 'elasticsearch-setup' };
    local job = {
      backoffLimit: 20,
      template: {
        metadata: { labels: setup },
        spec: {
          restartPolicy: 'OnFailure',
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: kube.user(1000),
          containers: [{
            name: 'setup',
            image: platform.image(image) + ':' + p.elasticsearch,
            command: ['bash', '-c', setUp],
            env: [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: logs + '-es-elastic-user', key: 'elastic' } } }],
            resources: kube.resources('10m', '32Mi', '128Mi'),
            securityContext: confined,
            volumeMounts: [
              { name: 'certs', mountPath: '/certs', readOnly: true },
              { name: 'config', mountPath: '/config', readOnly: true },
            ],
          }],
          volumes: [
            { name: 'certs', secret: { secretName: authority } },
            { name: 'config', configMap: { name: 'elasticsearch-setup' } },
          ],
        },
      },
    };
    {
      stage: stages.operators,
      crds: true,
      syncOptions: ['ServerSideApply=true'],
      // Fluent Bit stands beside the logs, and reads files of the machine.
      namespaces: { [p.operator]: 'restricted', [p.namespace]: 'privileged' },
      namespace: p.operator,
      registries: ['docker.elastic.co/'],
      images: ['docker.elastic.co/eck/eck-operator', image, 'docker.elastic.co/kibana/kibana'],
      charts: [{
        repo: 'https://helm.elastic.co',
        name: 'eck-operator',
        version: p.version,
        releaseName: operator,
        values: {
          managedNamespaces: why([p.namespace], 'It makes Secrets and pods there, and may do nothing elsewhere.'),
          createClusterScopedResources: false,
          webhook: why({ enabled: false }, 'It would need rights on the whole cluster; the operator refuses what is wrong by itself.'),
          telemetry: { disabled: true },
          config: {
            validateStorageClass: why(false, 'It would need rights on the whole cluster.'),
            metrics: { port: '8383' },
            [if platform.image('docker.elastic.co/x') != 'docker.elastic.co/x' then 'containerRegistry']:
              std.strReplace(platform.image('docker.elastic.co/x'), '/x', ''),
          },
          resources: kube.resources('50m', '150Mi', '1Gi') { limits+: { cpu: null } },
          podSecurityContext: kube.user(1000),
        },
      }],
      objects: {
        'network-policy.yaml': [
          kube.reached(operator, p.operator, { matchLabels: { 'app.kubernetes.io/name': operator } }, platform.monitoring.peers),
        ],
      },
      extras: {
        'elasticsearch.yaml': kube.object('elasticsearch.k8s.elastic.co/v1', 'Elasticsearch', logs, p.namespace, { spec: {
          version: p.elasticsearch,
          volumeClaimDeletePolicy: why('DeleteOnScaledownOnly', 'The logs stay when this goes.'),
          auth: { fileRealm: [{ secretName: secret }] },
          nodeSets: [{
            name: 'default',
            count: replicas,
            config: { 'node.store.allow_mmap': why(false, 'Machines allow too few mappings, unless somebody raises vm.max_map_count there.') },
            podTemplate: { spec: {
              automountServiceAccountToken: false,
              securityContext: kube.user(1000) { fsGroup: 1000 },
              [if replicas > 1 then 'topologySpreadConstraints']: kube.spread(server),
              containers: [{ name: 'elasticsearch', resources: kube.resources(p.cpu, p.memory, p.memory) }],
            } },
            volumeClaimTemplates: [{
              metadata: { name: 'elasticsearch-data' },
              spec: {
                accessModes: ['ReadWriteOnce'],
                resources: { requests: { storage: p.storage } },
                [if class != null then 'storageClassName']: class,
              },
            }],
          }],
        } }),
        'kibana.yaml': kube.object('kibana.k8s.elastic.co/v1', 'Kibana', logs, p.namespace, { spec: {
          version: p.elasticsearch,
          count: p.kibanas,
          elasticsearchRef: { name: logs },
          config: { 'telemetry.optIn': false, 'telemetry.allowChangingOptInStatus': false, [if exposed then 'server.publicBaseUrl']: 'https://' + host },
          podTemplate: { spec: {
            automountServiceAccountToken: false,
            securityContext: kube.user(1000) { fsGroup: 1000 },
            [if p.kibanas > 1 then 'topologySpreadConstraints']: kube.spread(page),
            containers: [{ name: 'kibana', resources: kube.resources('250m', '1Gi', '2Gi') }],
          } },
        } }),
        [if p.kibanas > 1 then 'disruption-budget.yaml']: kube.object('policy/v1', 'PodDisruptionBudget', 'kibana', p.namespace, { spec: {
          maxUnavailable: 1,
          selector: { matchLabels: page },
          unhealthyPodEvictionPolicy: 'AlwaysAllow',
        } }),
        'setup.yaml': [
          kube.object('v1', 'ConfigMap', 'elasticsearch-setup', p.namespace, { data: data }),
          // Named by what it does: what is changed is done again.
          kube.object('batch/v1', 'Job', 'elasticsearch-setup-' + std.md5(std.manifestJsonMinified([job, data]))[:8], p.namespace, { metadata+: { labels: setup }, spec: job }),
        ],
        'network-policy.yaml': [
          kube.reached('elasticsearch', p.namespace, { matchLabels: server }, kube.from([p.operator]) + [{ podSelector: { matchLabels: labels } } for labels in [
            server,
            page,
            setup,
            { 'app.kubernetes.io/name': sender },
          ]]),
          kube.reached('elasticsearch-setup', p.namespace, { matchLabels: setup }, []),
          kube.reached('kibana', p.namespace, { matchLabels: page }, ingress.proxies(platform)),
        ],
        [if exposed then 'page.yaml']: platform.ingress.expose({
          name: 'kibana',
          namespace: p.namespace,
          host: host,
          service: logs + '-kb-http',
          port: 5601,
          backendTLS: { hostname: logs + '-kb-http.' + p.namespace + '.svc', secret: logs + '-kb-http-certs-public' },
        }),
        'monitor.yaml': platform.monitoring.podMonitor(operator, p.operator, { matchLabels: { 'app.kubernetes.io/name': operator } }, [{ port: 'metrics' }])
                        + platform.monitoring.rules(name, p.namespace, alarms(p.namespace)),
      },
      extrasStage: why(stages.last, 'Its disks and its Secret may wait for somebody, and nothing else should.'),
      hosts: if exposed then [host] else [],
      data: [holds.claims(platform, p.namespace, { what: 'the volumes of Elasticsearch', loss: 'logs, and pages that people made of them', history: true })],
      readme: { section: text },
      secrets: [
        { name: secret, namespace: p.namespace, keys: ['username', 'password', 'roles'], purpose: 'Fluent Bit, which writes to Elasticsearch' },
      ],
      waivers: waive(
        ['reliability/liveness-probe', 'reliability/readiness-probe'],
        { kind: 'StatefulSet', namespace: p.operator, name: operator },
        'It serves its measurements alone, and the chart has no value for its probes.'
      ) + std.flatMap(
        function(namespace) waive(
          ['rbac/secrets'],
          { kind: 'Role', namespace: namespace, name: operator },
          'It makes the certificates and passwords of Elasticsearch and Kibana, in these namespaces alone.'
        ),
        [p.namespace, p.operator]
      ),
      provides:: {
        namespace: p.namespace,
        authority: authority,
        password: { name: secret, key: 'password' },
        output: {
          Name: 'es',
          Host: logs + '-es-http.' + p.namespace + '.svc',
          Port: '9200',
          HTTP_User: sender,
          Index: stream,
          Suppress_Type_Name: 'On',
          Write_Operation: 'create',
          Generate_ID: 'On',
          Buffer_Size: 'False',
          Compress: 'gzip',
          tls: 'On',
          'tls.verify': 'On',
          'tls.verify_hostname': 'On',
        },
      },
    },
)
