// vault-secrets-operator makes Secrets of what stands in Vault, by HashiCorp's own operator. Its licence is the Business Source
// License 1.1, as Vault's is.
local component = import '../lib/component.libsonnet';
local kube = import '../lib/kube.libsonnet';
local measure = import '../lib/measure.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'vault-secrets-operator';
local manager = name + '-controller-manager';
local labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': name };
local authority = 'vault-client';
local group = 'secrets.hashicorp.com/v1beta1';
local audience = 'vault';

// The chart lets it be any account of the cluster. It asks as one that may nothing there. Where a later version says other than
// what is tested here, the render fails.
local rights = [
  { op: 'test', path: '/rules/3/resources', value: ['serviceaccounts/token'] },
  { op: 'replace', path: '/rules/3', value: { apiGroups: [''], resources: ['serviceaccounts/token'], resourceNames: ['default', 'vault'], verbs: ['create'] } },
];

local gone(apiVersion, kind, name) = {
  target: { kind: kind, name: name },
  patch: kube.object(apiVersion, kind, name, rest={ '$patch': 'delete' }),
};

local alarms(namespace) = [{ name: name, rules: [
  measure.alarm(
    'VaultSecretFails',
    'warning',
    '15m',
    'controller_resource_status{namespace="' + namespace + '"} == 0',
    '{{ $labels.controller }} {{ $labels.exported_namespace }}/{{ $labels.name }} does not get what it names in Vault.'
  ),
] }];

local role = |||
  vault write auth/kubernetes/role/platform bound_service_account_names=default audience=vault policies=platform ttl=1h \
    bound_service_account_namespaces=A,B
|||;

local example = |||
  A VaultStaticSecret below `clusters/HUB/secrets/` becomes a Secret in a namespace of the platform, of what stands in Vault; nothing of it is in Git. `A,B` above
  stands for the namespaces of the platform that may: `kubectl get namespaces -l owner=platform -o name` lists them. Teams have a VaultAuth of their own, which asks Vault as the
  ServiceAccount `vault` of their namespace, and a role in Vault for that:

  ```yaml
  apiVersion: secrets.hashicorp.com/v1beta1
  kind: VaultStaticSecret
  metadata:
    name: grafana-admin
    namespace: monitoring
  spec:
    vaultAuthRef: OPERATOR/platform
    type: kv-v2
    mount: secret
    path: platform/grafana-admin
    refreshAfter: 1h
    destination: {name: grafana-admin, create: true}
  ```
|||;

component(
  {
    name: name,
    purpose: 'makes Secrets of what stands in Vault, which comes along (licence: BUSL-1.1)',
    capability: 'secrets',
    option: name,
    with: ['vault'],
  },
  { namespace: name, version: '1.4.1', replicas: tier(1, 2, 2) },
  function(p, platform)
    local vault = platform.secrets.provider({ name: 'default', namespace: p.namespace }).vault;
    local tls = std.objectHas(vault, 'caProvider');
    local object(kind, rest) = kube.object(group, kind, 'platform', p.namespace, { spec: rest });
    local confined = kube.confined { readOnlyRootFilesystem: true };
    {
      stage: why(stages.main, 'Nothing waits for it.'),
      crds: true,
      syncOptions: ['ServerSideApply=true'],
      namespaces: { [p.namespace]: 'restricted' },
      registries: ['docker.io/hashicorp/'],
      images: ['hashicorp/vault-secrets-operator'],
      charts: [{
        repo: 'https://helm.releases.hashicorp.com',
        name: name,
        version: p.version,
        includeCRDs: true,
        values: {
          controller: {
            replicas: p.replicas,
            priorityClassName: why(kube.critical, kube.whyCritical),
            [if p.replicas > 1 then 'podDisruptionBudget']: { enabled: true, maxUnavailable: '1', minAvailable: '' },
            [if p.replicas > 1 then 'topologySpreadConstraints']: kube.spread(labels),
            podSecurityContext: kube.user(65532),
            securityContext: confined,
            manager: {
              extraArgs: why(['--metrics-bind-address=:8080'], 'A network policy says who may ask, instead of a proxy that asks the API server each time.'),
              resources: why(kube.resources('20m', '96Mi', '512Mi'), 'It holds the Secrets that it makes in memory.'),
            },
          },
          hooks: {
            upgradeCRDs: why({ enabled: false }, 'Argo CD brings the CRDs.'),
            resources: kube.resources('10m', '64Mi', '256Mi'),
          },
          tests: { enabled: false },
        },
      }],
      patches: [
        {
          target: { kind: 'Deployment', name: manager },
          patch: kube.object('apps/v1', 'Deployment', manager, rest={ spec: { template: { spec: {
            automountServiceAccountToken: true,
            containers: [
              { name: 'kube-rbac-proxy', '$patch': 'delete' },
              { name: 'manager', ports: [{ name: 'metrics', containerPort: 8080 }, { name: 'health', containerPort: 8081 }] },
            ],
          } } } }),
        },
        // It takes the finalizers off what the operator keeps, before the operator goes: Argo CD runs it then.
        {
          target: { kind: 'Job', name: 'pdcc-' + name },
          patch: kube.object('batch/v1', 'Job', 'pdcc-' + name, rest={ spec: { template: { spec: { automountServiceAccountToken: true } } } }),
        },
        gone('v1', 'Service', name + '-metrics-service'),
        gone('rbac.authorization.k8s.io/v1', 'ClusterRole', name + '-proxy-role'),
        gone('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', name + '-proxy-rolebinding'),
        gone('rbac.authorization.k8s.io/v1', 'ClusterRole', name + '-metrics-reader'),
        { target: { kind: 'ClusterRole', name: name + '-manager-role' }, patch: rights },
      ],
      objects: {
        'network-policy.yaml': kube.reached(name, p.namespace, {}, platform.monitoring.peers),
      },
      extras: {
        'connection.yaml': (if tls then platform.certificates.internal(authority, p.namespace, [authority + '.' + p.namespace + '.svc']) else []) + [
          object('VaultConnection', { address: vault.server } + if tls then { caCertSecretRef: authority + '-tls' } else {}),
          object('VaultAuth', {
            vaultConnectionRef: 'platform',
            method: 'kubernetes',
            mount: vault.auth.kubernetes.mountPath,
            kubernetes: { role: vault.auth.kubernetes.role, serviceAccount: 'default', audiences: [audience] },
            allowedNamespaces: why(['*'], 'It asks as the account default of the namespace of whoever names it: Vault says of which it hears.'),
          }),
        ],
        'monitor.yaml': platform.monitoring.podMonitor(
          name, p.namespace, { matchLabels: labels }, [{ port: 'metrics' }]
        ) + platform.monitoring.rules(name, p.namespace, alarms(p.namespace)),
      },
      extrasStage: stages.last,
      waivers: waive(
        ['rbac/secrets'],
        { kind: 'ClusterRole', name: name + '-manager-role' },
        'It makes Secrets of what stands in Vault, and asks there as an account that may nothing in the cluster.'
      ),
      provides:: {
        apiVersion: group,
        kind: 'VaultStaticSecret',
        maker: {
          namespace: p.namespace,
          title: "HashiCorp's operator",
          role: role,
          example: std.strReplace(example, 'OPERATOR', p.namespace),
        },
      },
    },
)
