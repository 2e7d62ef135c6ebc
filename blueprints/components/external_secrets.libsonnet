// external-secrets makes Secrets of what stands in a vault.
local component = import '../lib/component.libsonnet';
local kube = import '../lib/kube.libsonnet';
local measure = import '../lib/measure.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'external-secrets';

local labels(of) = { 'app.kubernetes.io/name': of, 'app.kubernetes.io/instance': name };

local alarms = [{ name: name, rules: [
  measure.alarm(
    'ExternalSecretFails',
    'warning',
    '15m',
    'externalsecret_status_condition{condition="Ready", status="False"} == 1',
    'The ExternalSecret {{ $labels.exported_namespace }}/{{ $labels.name }} does not get what it names.'
  ),
] }];

// tokens lets it be one account of a namespace, for a store that asks a vault as that.
local tokens(namespace, account, from) =
  local rbac = 'rbac.authorization.k8s.io';
  [
    kube.object(rbac + '/v1', 'Role', name + '-tokens', namespace, { rules: [{ apiGroups: [''], resources: ['serviceaccounts/token'], verbs: ['create'], resourceNames: [account] }] }),
    kube.object(rbac + '/v1', 'RoleBinding', name + '-tokens', namespace, {
      roleRef: { apiGroup: rbac, kind: 'Role', name: name + '-tokens' },
      subjects: [{ kind: 'ServiceAccount', name: name, namespace: from }],
    }),
  ];

component(
  { name: name, purpose: 'makes Secrets of what stands in a vault' },
  { namespace: name, version: '2.9.0', replicas: tier(1, 2, 2) },
  function(p, platform)
    local several(of) = {
      replicaCount: p.replicas,
      [if p.replicas > 1 then 'podDisruptionBudget']: { enabled: true, minAvailable: 1 },
      [if p.replicas > 1 then 'topologySpreadConstraints']: kube.spread(labels(of)),
      priorityClassName: kube.critical,
    };
    local root = platform.certificates.root;
    local provider = platform.secrets.provider;
    {
      stage: why(stages.main, 'The root that signs the certificate of its webhook comes before, and nothing waits for it.'),
      crds: true,
      syncOptions: ['ServerSideApply=true'],
      namespaces: { [p.namespace]: 'restricted' },
      registries: ['ghcr.io/external-secrets/'],
      images: ['ghcr.io/external-secrets/external-secrets'],
      charts: [{
        repo: 'https://charts.external-secrets.io',
        name: name,
        version: p.version,
        values: several(name) {
          priorityClassName: why(super.priorityClassName, kube.whyCritical),
          [if p.replicas > 1 then 'leaderElect']: why(true, 'One works, the other waits for its turn.'),
          crds: why({
            createClusterExternalSecret: false,
            createClusterGenerator: false,
            createClusterPushSecret: false,
            createPushSecret: false,
          }, 'Secrets come out of the vault, one by one, and none goes in.'),
          processClusterExternalSecret: false,
          processClusterGenerator: false,
          processClusterPushSecret: false,
          processPushSecret: false,
          openshiftFinalizers: false,
          rbac: {
            serviceAccountTokenCreate: why(false, 'With it, it could be any account of the cluster. tokens.yaml says which it may be.'),
            servicebindings: { create: false },
          },
          livenessProbe: { enabled: true },
          readinessProbe: { enabled: true },
          resources: why(kube.resources('20m', '96Mi', '512Mi'), 'It holds the Secrets that it makes in memory.'),
          webhook: several(name + '-webhook') {
            livenessProbe: { enabled: true },
            resources: kube.resources('10m', '64Mi', '256Mi'),
            [if root != null then 'certManager']: {
              enabled: true,
              cert: { issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: root } },
            },
          },
          certController:
            if root != null then why({ create: false }, 'What serves certificates makes that of the webhook: nothing here needs to write webhooks.')
            else { livenessProbe: { enabled: true }, resources: kube.resources('10m', '64Mi', '256Mi') },
        },
      }],
      objects: {
        'tokens.yaml': tokens(p.namespace, name, p.namespace) + std.flatMap(
          function(namespace) tokens(namespace, 'vault', p.namespace),
          std.set(std.flatMap(function(team) team.namespaces, [team for team in platform.spec.teams if std.member(team.clusters, platform.cluster.name)]))
        ),
        'network-policy.yaml': [
          kube.reached(name, p.namespace, { matchExpressions: [{ key: 'app.kubernetes.io/name', operator: 'NotIn', values: [name + '-webhook'] }] }, platform.monitoring.peers),
          kube.asked(name + '-webhook', p.namespace, { matchLabels: labels(name + '-webhook') }, 10250, platform.monitoring.peers),
        ],
      },
      extras: {
        // Whoever may write ExternalSecrets reads by it what it may: so it is for namespaces of the platform alone.
        'store.yaml': if provider == null then [] else kube.object('external-secrets.io/v1', 'ClusterSecretStore', 'platform', rest={ spec: {
          conditions: [{ namespaceSelector: { matchLabels: { owner: kube.platforms.owner } } }],
          provider: provider({ name: name, namespace: p.namespace }),
        } }),
        'monitor.yaml': platform.monitoring.podMonitor(
          name, p.namespace, { matchLabels: { 'app.kubernetes.io/instance': name } }, [{ port: 'metrics' }]
        ) + platform.monitoring.rules(name, p.namespace, alarms),
      },
      extrasStage: stages.last,
      waivers: waive(
        ['network/open-policy'],
        { kind: 'NetworkPolicy', namespace: p.namespace, name: name + '-webhook' },
        'The API server asks it by its webhook, and no policy can say where that stands.'
      ),
    },
)
