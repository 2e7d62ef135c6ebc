// bank-vaults-webhook has pods that ask for it get secrets out of Vault as they start.
//
// It changes those alone that carry the annotation with the address of Vault: others start whether it works or not.
local component = import '../lib/component.libsonnet';
local kube = import '../lib/kube.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'bank-vaults-webhook';
local chart = 'vault-secrets-webhook';
local labels = { 'app.kubernetes.io/name': chart, 'app.kubernetes.io/instance': chart };
local env = 'ghcr.io/bank-vaults/vault-env';

// The chart lets it be any account of the cluster, and write ConfigMaps: for Secrets that it would fill, and for Vault's agent. Where
// a later version says other than what is tested here, the render fails.
local rights = [
  { op: 'test', path: '/rules/3/resources', value: ['serviceaccounts/token'] },
  { op: 'remove', path: '/rules/3' },
  { op: 'test', path: '/rules/2/verbs', value: ['create', 'update'] },
  { op: 'remove', path: '/rules/2' },
];

component(
  { name: name, purpose: 'hands secrets of Vault to pods that ask for them' },
  { namespace: name, version: '1.23.1', replicas: tier(1, 2, 3) },
  function(p, platform)
    {
      stage: why(stages.main, 'The root that signs its certificate comes before.'),
      namespaces: { [p.namespace]: 'restricted' },
      registries: ['ghcr.io/bank-vaults/'],
      images: ['ghcr.io/bank-vaults/vault-secrets-webhook'],
      charts: [{
        repo: 'oci://ghcr.io/bank-vaults/helm-charts',
        name: chart,
        version: p.version,
        releaseName: chart,
        values: {
          replicaCount: p.replicas,
          certificate: why({ generate: false, useCertManager: true }, 'The chart would make another one each time it is rendered.'),
          [if platform.image(env) != env then 'vaultEnv']: { repository: platform.image(env) },
          env: why({
            RUN_AS_NON_ROOT: 'true',
            RUN_AS_USER: '65534',
            RUN_AS_GROUP: '65534',
            VAULT_ENV_CPU_REQUEST: '10m',
            VAULT_ENV_MEMORY_REQUEST: '32Mi',
            VAULT_ENV_MEMORY_LIMIT: '128Mi',
          }, 'What it puts into pods, to copy a program there: their namespaces may take nothing that runs as root.'),
          podsFailurePolicy: why('Fail', 'A pod that asks for secrets and is not changed would take the name of a secret for the secret.'),
          pods: { matchConditions: why([{
            name: 'asks-for-it',
            expression: "has(object.metadata.annotations) && 'vault.security.banzaicloud.io/vault-addr' in object.metadata.annotations",
          }], 'All others start whether it works or not.') },
          secretsMutation: why(false, 'What is in Vault is not to stand in Secrets, too.'),
          timeoutSeconds: 10,
          livenessProbe: { failureThreshold: 6 },
          priorityClassName: why(kube.critical, kube.whyCritical),
          podSecurityContext: kube.user(65534),
          securityContext: kube.confined { readOnlyRootFilesystem: true, runAsUser: 65534 },
          resources: kube.resources('20m', '64Mi', '256Mi'),
          podDisruptionBudget: if p.replicas > 1 then { enabled: true } else why({ enabled: false }, 'It would keep the machine from being drained.'),
          [if p.replicas > 1 then 'topologySpreadConstraints']: kube.spread(labels),
        },
      }],
      patches: [
        { target: { kind: 'ClusterRole', name: chart }, patch: rights },
        {
          target: { kind: 'Deployment', name: chart },
          patch: kube.object('apps/v1', 'Deployment', chart, rest={ spec: { template: { spec: { automountServiceAccountToken: true } } } }),
        },
      ],
      objects: {
        'network-policy.yaml': kube.asked(name, p.namespace, { matchLabels: labels }, 8443, []),
      },
      waivers: waive(
        ['network/open-policy'],
        { kind: 'NetworkPolicy', namespace: p.namespace, name: name },
        'The API server asks it by its webhook, and no policy can say where that stands.'
      ) + waive(
        ['rbac/secrets'],
        { kind: 'ClusterRole', name: chart },
        'It reads by what Secret an image is pulled, of which it must know the entry point.'
      ),
    },
)
