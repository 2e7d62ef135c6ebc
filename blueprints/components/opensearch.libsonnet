// opensearch keeps the logs of all workloads, and finds every word in them. People search by OpenSearch Dashboards.
//
// It is the successor of Open Distro. Nobody gets in by a password that stands in Git: servers, Dashboards and what sends logs have
// certificates of an authority of their own, and people log in by the platform where that is possible.
local component = import '../lib/component.libsonnet';
local holds = import '../lib/data.libsonnet';
local ingress = import '../lib/ingress.libsonnet';
local kube = import '../lib/kube.libsonnet';
local login = import '../lib/login.libsonnet';
local measure = import '../lib/measure.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'opensearch';
local pages = 'opensearch-dashboards';
local labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': name };
local home = '/usr/share/opensearch';
local secret = 'opensearch-dashboards';
local password = 'opensearch-password';
local image = 'docker.io/opensearchproject/opensearch';
local proxy = 'quay.io/oauth2-proxy/oauth2-proxy';

// Who has a certificate. Their names are what OpenSearch knows them by.
local node = 'opensearch-node';
local admin = 'opensearch-admin';
local sender = 'opensearch-fluent-bit';
local viewer = 'opensearch-dashboards-server';

// The data stream that all logs are written to, and the indices behind it.
local stream = 'logs';
local indices = [stream, '.ds-' + stream + '-*'];

// head is what each file of the security plugin begins with.
local head(type) = { _meta: { type: type, config_version: 2 } };

// Clients show a certificate or a token, or people a password; whoever comes with a token that is not good is nobody. Dashboards does
// not show its own certificate where it asks for somebody.
local authentication(platform, opened, signed) = head('config') { config: { dynamic: {
  kibana: { multitenancy_enabled: false, server_username: viewer },
  http: { anonymous_auth_enabled: false },
  do_not_fail_on_forbidden: true,
  authc: {
    [if opened then 'people']: {
      http_enabled: true,
      order: 0,
      http_authenticator: { type: 'openid', challenge: false, config: {
        openid_connect_url: platform.authentication.issuer + '/.well-known/openid-configuration',
        required_issuer: platform.authentication.issuer,
        required_audience: pages,
        subject_key: 'email',
        roles_key: 'groups',
        [if signed then 'openid_connect_idp']: { enable_ssl: true, verify_hostnames: true, pemtrustedcas_filepath: home + '/config/login/ca.crt' },
      } },
      authentication_backend: { type: 'noop' },
    },
    programs: {
      http_enabled: true,
      order: 1,
      http_authenticator: { type: 'clientcert', challenge: false, config: { username_attribute: 'cn' } },
      authentication_backend: { type: 'noop' },
    },
    [if !opened then 'passwords']: {
      http_enabled: true,
      order: 2,
      http_authenticator: { type: 'basic', challenge: true },
      authentication_backend: { type: 'intern' },
    },
  },
} } };

local roles = head('roles') {
  logs_writer: {
    description: 'writes logs, and reads none',
    cluster_permissions: ['indices:data/write/bulk'],
    index_permissions: [{ index_patterns: indices, allowed_actions: ['indices:data/write/bulk*', 'indices:data/write/index'] }],
  },
  logs_reader: {
    description: 'reads logs',
    cluster_permissions: ['cluster_composite_ops_ro'],
    index_permissions: [{ index_patterns: indices, allowed_actions: ['read', 'search', 'indices:admin/mappings/get', 'indices:admin/data_stream/get', 'indices:monitor/settings/get'] }],
  },
};

local mapping(admins, viewers) = head('rolesmapping') {
  all_access: { backend_roles: admins },
  kibana_server: { users: [viewer] },
  kibana_user: { backend_roles: viewers },
  logs_reader: { backend_roles: viewers },
  logs_writer: { users: [sender] },
};

local nobody = {
  'action_groups.yml': head('actiongroups'),
  'internal_users.yml': head('internalusers'),
  'nodes_dn.yml': head('nodesdn'),
  'tenants.yml': head('tenants'),
};

// first is the first user, where people have no other way in; its password stands in a Secret.
local first = head('internalusers') { admin: { hash: '${envbc.PASSWORD}', backend_roles: ['admin'] } };

// retention begins a new index every day, or where one grows too large, and deletes the oldest.
local retention(days) = { policy: {
  description: 'keeps logs for ' + days + ' days',
  default_state: 'kept',
  ism_template: [{ index_patterns: [stream], priority: 100 }],
  states: [
    {
      name: 'kept',
      actions: [{ rollover: { min_index_age: '1d', min_primary_shard_size: '30gb' } }],
      transitions: [{ state_name: 'deleted', conditions: { min_rollover_age: days + 'd' } }],
    },
    { name: 'deleted', actions: [{ delete: {} }], transitions: [] },
  ],
} };

// template says what is found by which field. What is not named here is kept, and shown, but not searched: every label and every
// field that some program writes would be one more of a thousand that an index may have.
local template(shards, copies) =
  local keyword = { type: 'keyword', ignore_above: 1024 };
  { index_patterns: [stream], data_stream: {}, priority: 100, template: {
    settings: { index: { number_of_shards: shards, number_of_replicas: copies, codec: 'best_compression', refresh_interval: '10s' } },
    mappings: { dynamic: false, properties: {
      '@timestamp': { type: 'date' },
      cluster: keyword,
      message: { type: 'text' },
      stream: keyword,
      kubernetes: { dynamic: false, properties: {
        container_image: keyword,
        container_name: keyword,
        host: keyword,
        labels: { type: 'flat_object' },
        namespace_name: keyword,
        pod_name: keyword,
      } },
    } },
  } };

local begin = |||
  set -eu
  url=https://opensearch:9200
  ask() { curl -sS --cacert /certs/ca.crt --cert /certs/tls.crt --key /certs/tls.key -H 'Content-Type: application/json' "$@"; }
  admin() {
    plugins/opensearch-security/tools/securityadmin.sh -h opensearch -p 9200 -icl \
      -cacert /certs/ca.crt -cert /certs/tls.crt -key /certs/tls.key "$@"
  }
  there() { ask -f -o /dev/null "$url/_plugins/_security/api/internalusers"; }
|||;

// Users that people made stay: all files at once are for a cluster that has none yet.
local setUp = begin + |||
  until ask -o /dev/null "$url"; do sleep 5; done
  there || admin -cd /config/
  admin -f /config/config.yml -t config
  admin -f /config/roles.yml -t roles
  admin -f /config/roles_mapping.yml -t rolesmapping
  until there; do sleep 5; done
  policy="$url/_plugins/_ism/policies/logs"
  old=$(ask "$policy")
  number() { printf %s "$old" | sed -n "s/.*\"_$1\":\([0-9]*\).*/\1/p"; }
  if [ -n "$(number seq_no)" ]; then
    ask --fail-with-body -X PUT "$policy?if_seq_no=$(number seq_no)&if_primary_term=$(number primary_term)" -d @/config/retention.json
  else
    ask --fail-with-body -X PUT "$policy" -d @/config/retention.json
  fi
  ask --fail-with-body -X PUT "$url/_index_template/logs" -d @/config/template.json
  ask -f -o /dev/null "$url/_data_stream/logs" || ask --fail-with-body -X PUT "$url/_data_stream/logs"
  ask -X POST "$url/_plugins/_ism/change_policy/.ds-logs-*" -d '{"policy_id": "logs"}'
|||;

local setFirst = begin + |||
  until there; do sleep 5; done
  admin -f /config/first.yml -t internalusers -rev
|||;

local alarms(namespace) = [{ name: name, rules: [
  measure.alarm(
    'LogStoreIncomplete',
    'critical',
    '15m',
    'kube_statefulset_status_replicas_ready{namespace="' + namespace + '", statefulset="opensearch"} < kube_statefulset_replicas{namespace="' + namespace + '", statefulset="opensearch"}',
    'Only {{ $value }} servers of OpenSearch work: what is lost besides may be lost for good.'
  ),
  measure.alarm(
    'LogStoreFills',
    'warning',
    '30m',
    'kubelet_volume_stats_used_bytes{namespace="' + namespace + '", persistentvolumeclaim=~"opensearch-opensearch-[0-9]+"} / kubelet_volume_stats_capacity_bytes{namespace="' + namespace + '", persistentvolumeclaim=~"opensearch-opensearch-[0-9]+"} > 0.85',
    'The disk {{ $labels.persistentvolumeclaim }} is {{ $value | humanizePercentage }} full: from 85 % OpenSearch puts nothing new there, from 95 % it takes no logs.'
  ),
] }];

local manual = {
  always: |||
    ## Logs of CLUSTER

    Fluent Bit reads the logs of all pods, OpenSearch keeps them for DAYS days, and people search them in PAGE.
    Make the key of its cookies first:

    ```sh
    kubectl -n NAMESPACE create secret generic opensearch-dashboards --from-literal=cookie="$(openssl rand -base64 32 | tr -- '+/' '-_')"
    ```

    The first time, make the index pattern `logs` there, by `@timestamp`. Fields of Kubernetes are found by their names, labels by `kubernetes.labels.<name>`; what programs
    write is text in `message`.

  |||,
  login: |||
    People log in by the platform: ADMINS may do everything, VIEWERS may read.
  |||,
  password: |||
    As long as nobody can log in by the platform, there is one user, `admin`, whose password you choose:

    ```sh
    kubectl -n NAMESPACE create secret generic opensearch-password --from-literal=password=...
    ```

    Another password comes by another Secret, and `kubectl -n NAMESPACE delete job -l app.kubernetes.io/component=first-user`: Argo CD makes that again.
  |||,
  hidden: |||
    Nothing shows it, as there are no pages with certificates: `kubectl -n NAMESPACE port-forward deployment/opensearch-dashboards 5601` does.
  |||,
  rest: |||

    Whoever has the certificate in the Secret `opensearch-admin-tls` may do everything, by `curl` too. There are no snapshots: the image lacks what writes them to buckets. What must
    outlive the disks belongs into an archive of its own.
  |||,
};

component(
  {
    name: name,
    purpose: 'keeps the logs of all workloads, and finds every word in them',
    capability: 'logging',
    option: name,
    requires: { certificates: 'cert-manager' },
    with: ['fluent-bit'],
    params: {
      replicas: 'servers: one, or at least three, which can do without one',
      storage: 'the disk of each server; a claim cannot be changed later',
      memory: 'the memory of each server, in GiB',
      retention: 'days for which logs are kept',
      shards: 'shards of each index',
      dashboards: 'pods of Dashboards',
    },
  },
  {
    namespace: 'logging',
    version: '3.6.0',
    replicas: tier(1, 3, 3),
    storage: tier('10Gi', '50Gi', '200Gi'),
    memory: tier(2, 4, 8),
    cpu:: tier('250m', '500m', '1'),
    retention: tier(7, 14, 30),
    shards: tier(1, 1, 3),
    dashboards: tier(1, 1, 2),
    host: null,
  },
  function(p, platform)
    local replicas =
      if p.replicas != 2 then p.replicas
      else error 'components.opensearch.params.replicas: 2: want 1, or at least 3, as two cannot decide which of them is right';
    local host = ingress.host(platform, name, 'logs', p.host);
    // Nobody is to send a password in clear.
    local exposed = platform.ingress.exposes && ingress.overTLS(platform);
    local opened = exposed && login.serves(platform);
    local authority = if opened then login.authority(platform, name, p.namespace) else [];
    local callback = 'https://' + host + '/oauth2/callback';
    local class = platform.storage.class;
    local server = 'opensearch.' + p.namespace + '.svc';
    local members = [
      { name: node, hosts: ['localhost', name, server, server + '.cluster.local', '*.opensearch-headless', '*.opensearch-headless.' + p.namespace + '.svc'] },
    ] + [{ name: member, hosts: [] } for member in [admin, viewer, sender]];
    local certificates = platform.certificates.circle(name, p.namespace, members);
    local confined = kube.confined { readOnlyRootFilesystem: true };
    local heap = p.memory * 512;
    local groups(listed) = if listed == [] then 'nobody' else std.join(', ', ['`' + group + '`' for group in listed]);
    local text = std.foldl(
      function(text, word) std.strReplace(text, word[0], word[1]),
      [
        ['PAGE', if exposed then '`https://' + host + '`' else 'OpenSearch Dashboards'],
        ['NAMESPACE', p.namespace],
        ['CLUSTER', platform.cluster.name],
        ['DAYS', std.toString(p.retention)],
        ['ADMINS', groups(platform.authentication.admins)],
        ['VIEWERS', groups(platform.authentication.viewers)],
      ],
      manual.always + (if opened then manual.login else manual.password) + (if exposed then '' else manual.hidden) + manual.rest
    );

    // All that the Jobs bring about. Their names follow from it, so that what is changed is done again.
    local files = {
      'config.yml': authentication(platform, opened, authority != []),
      'roles.yml': roles,
      'roles_mapping.yml': mapping(
        if opened then platform.authentication.admins else ['admin'],
        if opened then platform.authentication.viewers else []
      ),
      'retention.json': retention(p.retention),
      'template.json': template(p.shards, if replicas > 1 then 1 else 0),
    } + nobody + { [if !opened then 'first.yml']: first };
    local data = { [file]: std.manifestJsonEx(files[file], '  ') + '\n' for file in std.objectFields(files) };
    local job(called, script, env) =
      local spec = {
        backoffLimit: 20,
        template: {
          metadata: { labels: { 'app.kubernetes.io/name': 'opensearch-setup', 'app.kubernetes.io/component': called } },
          spec: {
            restartPolicy: 'OnFailure',
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: kube.user(1000),
            containers: [{
              name: 'setup',
              image: platform.image(image) + ':' + p.version,
              command: ['bash', '-c', script],
              workingDir: home,
              env: env,
              resources: kube.resources('50m', '256Mi', '512Mi'),
              securityContext: confined,
              volumeMounts: [
                { name: 'certs', mountPath: '/certs', readOnly: true },
                { name: 'config', mountPath: '/config', readOnly: true },
                { name: 'tmp', mountPath: '/tmp' },
              ],
            }],
            volumes: [
              { name: 'certs', secret: { secretName: admin + '-tls' } },
              { name: 'config', configMap: { name: 'opensearch-setup' } },
              { name: 'tmp', emptyDir: {} },
            ],
          },
        },
      };
      kube.object('batch/v1', 'Job', 'opensearch-' + called + '-' + std.md5(std.manifestJsonMinified([spec, data]))[:8], p.namespace, {
        metadata+: { labels: { 'app.kubernetes.io/name': 'opensearch-setup', 'app.kubernetes.io/component': called } },
        spec: spec,
      });
    {
      stage: why(stages.last, 'Its disks may wait for somebody to give some, and nothing else should.'),
      // Fluent Bit stands here too, and reads files of the machine.
      namespaces: { [p.namespace]: 'privileged' },
      registries: ['docker.io/opensearchproject/', 'quay.io/oauth2-proxy/'],
      images: [image, image + '-dashboards', proxy],
      charts: [
        {
          repo: 'https://opensearch-project.github.io/helm-charts',
          name: name,
          version: p.version,
          values: {
            fullnameOverride: name,
            masterService: name,
            clusterName: platform.cluster.name + '-logs',
            image: { repository: image },
            [if replicas == 1 then 'singleNode']: true,
            replicas: replicas,
            config: { 'opensearch.yml': std.manifestYamlDoc({
              'plugins.security.authcz.admin_dn': ['CN=' + admin],
              'plugins.security.nodes_dn': ['CN=' + node],
              'plugins.security.restapi.roles_enabled': ['all_access'],
              'plugins.security.ssl.certificates_hot_reload.enabled': true,
              'plugins.security.ssl.http.clientauth_mode': 'OPTIONAL',
              'plugins.security.ssl.http.enabled': true,
              // Servers reach each other by address; who they are the subject says.
              'plugins.security.ssl.transport.enforce_hostname_verification': false,
              'node.store.allow_mmap': false,
            } + {
              ['plugins.security.ssl.' + layer + '.' + setting[0]]: 'certs/' + setting[1]
              for layer in ['http', 'transport']
              for setting in [['pemcert_filepath', 'tls.crt'], ['pemkey_filepath', 'tls.key'], ['pemtrustedcas_filepath', 'ca.crt']]
            }, quote_keys=false) },
            securityConfig: why({ enabled: false }, 'A Job sets that up, and again when it changes.'),
            extraEnvs: [
              { name: 'DISABLE_INSTALL_DEMO_CONFIG', value: 'true' },
              { name: 'DISABLE_PERFORMANCE_ANALYZER_AGENT_CLI', value: 'true' },
            ],
            opensearchJavaOpts: why('-Xms' + heap + 'm -Xmx' + heap + 'm', 'Half of the memory; the other half is for what it keeps outside of it, and for files.'),
            resources: kube.resources(p.cpu, p.memory + 'Gi', p.memory + 'Gi'),
            initResources: kube.resources('10m', '64Mi', '128Mi'),
            persistence: {
              size: p.storage,
              enableInitChown: why(false, 'It would run as root. The disk belongs to the group of the pod anyway.'),
              [if class != null then 'storageClass']: class,
            },
            secretMounts: [{ name: 'certs', secretName: node + '-tls', path: home + '/config/certs' }]
                          + if authority == [] then [] else [{ name: 'login-authority', secretName: login.secret(name), path: home + '/config/login' }],
            extraInitContainers: why(std.manifestYamlDoc([{
              name: 'writable',
              image: platform.image(image) + ':{{ .Chart.AppVersion }}',
              command: ['cp', '-r', home + '/config/.', '/writable/'],
              securityContext: confined,
              resources: kube.resources('10m', '64Mi', '128Mi'),
              volumeMounts: [{ name: 'writable', mountPath: '/writable' }],
            }], quote_keys=false), 'Beside its configuration it writes a keystore when it starts.'),
            extraVolumes: [{ name: volume, emptyDir: {} } for volume in ['logs', 'tmp', 'writable']],
            extraVolumeMounts: [
              { name: 'writable', mountPath: home + '/config' },
              { name: 'logs', mountPath: home + '/logs' },
              { name: 'tmp', mountPath: '/tmp' },
            ],
            podSecurityContext: kube.user(1000) { fsGroup: 1000, fsGroupChangePolicy: 'OnRootMismatch' },
            securityContext: confined,
            livenessProbe: { tcpSocket: { port: 9200 }, periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 10 },
            startupProbe: why({ failureThreshold: 120 }, 'Large disks take their time.'),
            enableServiceLinks: false,
            [if replicas == 1 then 'maxUnavailable']: why(null, 'It would keep the machine from being drained.'),
            [if replicas > 1 then 'topologySpreadConstraints']: kube.spread(labels),
          },
        },
        {
          repo: 'https://opensearch-project.github.io/helm-charts',
          name: pages,
          version: p.version,
          releaseName: pages,
          values: {
            opensearchHosts: 'https://' + server + ':9200',
            replicaCount: p.dashboards,
            image: { repository: image + '-dashboards' },
            rbac: why({ create: false }, 'It would bind a Role that is not there.'),
            serviceAccount: { automountServiceAccountToken: false },
            config: { 'opensearch_dashboards.yml': std.manifestYamlDoc({
              'opensearch.requestHeadersAllowlist': ['Authorization', 'securitytenant'],
              'opensearch.ssl.alwaysPresentCertificate': false,
              'opensearch.ssl.certificate': '/certs/tls.crt',
              'opensearch.ssl.certificateAuthorities': ['/certs/ca.crt'],
              'opensearch.ssl.key': '/certs/tls.key',
              'opensearch.ssl.verificationMode': 'full',
              'opensearch_security.auth.type': if opened then 'jwt' else 'basicauth',
              'opensearch_security.cookie.password': '${COOKIE}',
              'opensearch_security.cookie.secure': exposed,
              'opensearch_security.multitenancy.enabled': false,
            }, quote_keys=false) },
            extraEnvs: [{ name: 'COOKIE', valueFrom: { secretKeyRef: { name: secret, key: 'cookie' } } }],
            secretMounts: [{ name: 'certs', secretName: viewer + '-tls', path: '/certs' }],
            extraVolumes: [{ name: volume, emptyDir: {} } for volume in ['data', 'tmp']] + (
              if authority == [] then [] else [{ name: 'login-authority', secret: { secretName: login.secret(name), items: [{ key: 'ca.crt', path: 'ca.crt' }] } }]
            ),
            extraVolumeMounts: [{ name: 'data', mountPath: '/usr/share/opensearch-dashboards/data' }, { name: 'tmp', mountPath: '/tmp' }],
            [if opened then 'extraContainers']: why([{
              name: 'login',
              image: platform.image(proxy) + ':v7.15.3',
              args: [
                '--http-address=0.0.0.0:4180',
                '--upstream=http://127.0.0.1:5601',
                '--provider=oidc',
                '--oidc-issuer-url=' + platform.authentication.issuer,
                '--client-id=' + pages,
                '--client-secret-file=/dev/null',
                '--code-challenge-method=S256',
                '--scope=' + std.join(' ', platform.authentication.scopes),
                '--redirect-url=' + callback,
                '--email-domain=*',
                '--pass-authorization-header=true',
                '--pass-basic-auth=false',
                '--cookie-expire=8h',
                '--reverse-proxy=true',
                '--skip-provider-button=true',
                '--silence-ping-logging=true',
              ] + [
                '--allowed-group=' + login.quoted(group)
                for group in platform.authentication.admins + platform.authentication.viewers
              ] + if authority == [] then [] else ['--provider-ca-file=/etc/login/ca.crt'],
              env: [{ name: 'OAUTH2_PROXY_COOKIE_SECRET', valueFrom: { secretKeyRef: { name: secret, key: 'cookie' } } }],
              ports: [{ name: 'login', containerPort: 4180 }],
              readinessProbe: { httpGet: { path: '/ready', port: 'login' }, timeoutSeconds: 5 },
              livenessProbe: { httpGet: { path: '/ping', port: 'login' }, timeoutSeconds: 5 },
              resources: kube.resources('10m', '32Mi', '128Mi'),
              securityContext: confined { runAsUser: 65532, runAsGroup: 65532 },
              [if authority != [] then 'volumeMounts']: [{ name: 'login-authority', mountPath: '/etc/login', readOnly: true }],
            }], 'Dashboards cannot log in by PKCE. This does, and hands it the token, which OpenSearch looks at.'),
            lifecycle: why(
              { postStart: { exec: { command: ['touch', '/tmp/started'] } } },
              'It reads its certificate once: when that is newer than the start, it starts anew.'
            ),
            livenessProbe: {
              tcpSocket: null,
              exec: { command: ['bash', '-c', '[ /certs/tls.crt -ot /tmp/started ] && exec 3<>/dev/tcp/127.0.0.1/5601'] },
            },
            [if p.dashboards > 1 then 'topologySpreadConstraints']: kube.spread({ 'app.kubernetes.io/name': pages }),
            resources: kube.resources('100m', '512Mi', '1Gi') { limits+: { cpu: null } },
            podSecurityContext: kube.user(1000) { fsGroup: 1000 },
            securityContext: confined,
          },
        },
      ],
      clients:: if !exposed then [] else login.clients([{ id: pages, name: 'OpenSearch Dashboards', redirectURIs: [callback] }]),
      objects: {
        'certificates.yaml': certificates,
        'login.yaml': authority,
        'setup.yaml': [
          kube.object('v1', 'ConfigMap', 'opensearch-setup', p.namespace, { data: data }),
          job('setup', setUp, []),
        ] + if opened then [] else [
          job('first-user', setFirst, [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: password, key: 'password' } } }]),
        ],
        [if p.dashboards > 1 then 'disruption-budget.yaml']: kube.object('policy/v1', 'PodDisruptionBudget', pages, p.namespace, { spec: {
          maxUnavailable: 1,
          selector: { matchLabels: { 'app.kubernetes.io/name': pages } },
          unhealthyPodEvictionPolicy: 'AlwaysAllow',
        } }),
        [if opened then 'login-service.yaml']: kube.object('v1', 'Service', pages + '-login', p.namespace, { spec: {
          selector: { 'app.kubernetes.io/name': pages },
          ports: [{ name: 'http', port: 80, targetPort: 'login' }],
        } }),
        local pods(name) = { podSelector: { matchLabels: { 'app.kubernetes.io/name': name } } },
        'network-policy.yaml': [
          kube.reached('opensearch-setup', p.namespace, { matchLabels: { 'app.kubernetes.io/name': 'opensearch-setup' } }, []),
          kube.reached(name, p.namespace, { matchLabels: { 'app.kubernetes.io/name': name } }, [pods(app) for app in [name, pages, 'opensearch-setup', 'fluent-bit']]),
          kube.reached(pages, p.namespace, { matchLabels: { 'app.kubernetes.io/name': pages } }, ingress.proxies(platform)) { spec+: {
            ingress: [rule { ports: [{ port: if opened then 4180 else 5601, protocol: 'TCP' }] } for rule in super.ingress],
          } },
        ],
      },
      extras: {
        [if exposed then 'page.yaml']: platform.ingress.expose({
          name: pages,
          namespace: p.namespace,
          host: host,
          service: if opened then pages + '-login' else pages,
          port: if opened then 80 else 5601,
        }),
        'alarms.yaml': platform.monitoring.rules(name, p.namespace, alarms(p.namespace)),
      },
      extrasStage: stages.last,
      hosts: if exposed then [host] else [],
      data: [holds.claims(platform, p.namespace, { what: 'the volumes of OpenSearch', loss: 'logs, and pages that people made of them', history: true })],
      readme: { section: text },
      secrets: [
        { name: secret, namespace: p.namespace, keys: ['cookie'], purpose: 'the cookies of OpenSearch Dashboards, 32 random bytes in base64 for URLs' },
      ] + (if opened then [] else [
             { name: password, namespace: p.namespace, keys: ['password'], purpose: 'the first user of OpenSearch, admin' },
           ]) + if certificates != [] then [] else [
        { name: member.name + '-tls', namespace: p.namespace, keys: ['ca.crt', 'tls.crt', 'tls.key'], purpose: 'the certificate with the subject CN=' + member.name + ', its key in PKCS #8' }
        for member in members
      ],
      provides:: {
        namespace: p.namespace,
        authority: sender + '-tls',
        identity: sender + '-tls',
        output: {
          Name: 'opensearch',
          Host: server,
          Port: '9200',
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
