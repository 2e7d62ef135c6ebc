// onepassword-connect makes Secrets of what stands in vaults of 1Password: Connect, which asks 1Password and keeps copies, and the
// operator.
//
// Its other chart, secrets-injector, changes pods on their way and gives nothing that a Secret does not.
local component = import '../lib/component.libsonnet';
local data = import '../lib/data.libsonnet';
local kube = import '../lib/kube.libsonnet';
local measure = import '../lib/measure.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'onepassword-connect';
local operator = name + '-operator';
local folder = 'secrets';
local credentials = 'op-credentials', token = 'onepassword-token';

local connects = { matchLabels: { app: name } };
local operators = { matchLabels: { name: name } };

// The chart lets it delete all workloads, namespaces and volumes. It makes Secrets, and restarts what uses them. Where a later
// version says other than what is tested here, the render fails.
local rights = [
  { op: 'test', path: '/rules/0/resources', value: ['pods', 'services', 'services/finalizers', 'endpoints', 'persistentvolumeclaims', 'events', 'configmaps', 'secrets', 'namespaces'] },
  { op: 'replace', path: '/rules/0/resources', value: ['secrets'] },
  { op: 'test', path: '/rules/1/resources', value: ['deployments', 'daemonsets', 'replicasets', 'statefulsets'] },
  { op: 'replace', path: '/rules/1/verbs', value: ['get', 'list', 'patch', 'update', 'watch'] },
  { op: 'add', path: '/rules/-', value: { apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'list', 'watch'] } },
  { op: 'add', path: '/rules/-', value: { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] } },
];

local alarms(namespace) = [{ name: name, rules: [
  measure.alarm(
    'OnePasswordNotAsked',
    'warning',
    '15m',
    'kube_deployment_status_replicas_available{namespace="' + namespace + '"} == 0',
    '{{ $labels.deployment }} does not work: Secrets stay as they are, and no new ones come from 1Password.'
  ),
] }];

local manual = |||
  ## Secrets of CLUSTER

  Secrets stand in vaults of 1Password, and in Git what is called how there. Once, let the cluster ask, by [op](https://developer.1password.com/docs/cli); vaults of people it cannot
  be given:

  ```sh
  op vault create CLUSTER
  op connect server create CLUSTER --vaults CLUSTER
  kubectl -n NAMESPACE create secret generic op-credentials --from-file=1password-credentials.json
  kubectl -n NAMESPACE create secret generic onepassword-token --from-literal=token="$(op connect token create operator --server CLUSTER --vault CLUSTER,r)"
  rm 1password-credentials.json
  ```

  A OnePasswordItem below `clusters/CLUSTER/secrets/` becomes a Secret of its name, with a key for each field of the item. Whoever may write one reads by it whatever stands in that
  vault: it is for the platform, and teams need one of their own.

  ```sh
  op item create --vault CLUSTER --category login --title example password=change-me
  cat > clusters/CLUSTER/secrets/example.yaml <<'EOF'
  apiVersion: onepassword.com/v1
  kind: OnePasswordItem
  metadata:
    name: example
    namespace: default
  spec:
    itemPath: vaults/CLUSTER/items/example
  EOF
  ```

  **Another password**: change the item. Within ten minutes the Secret follows, and workloads with the annotation `operator.1password.io/auto-restart: "true"` start anew.
  **Another token**: `op connect token create` as above with another name, `kubectl replace` the Secret, `kubectl -n NAMESPACE rollout restart deployment/OPERATOR`, then `op connect
  token delete operator --server CLUSTER`.

  **A cluster that is built anew** needs the two Secrets, of a new server by the lines above: all others come back by themselves, for nothing but copies was in the cluster. While
  1Password is out of reach, Secrets stay as they are.
|||;

component(
  {
    name: name,
    purpose: 'makes Secrets of what stands in 1Password',
    capability: 'secrets',
    option: '1password',
  },
  {
    namespace: name,
    version: '2.4.1',
    replicas: tier(1, 2, 2),
  },
  function(p, platform)
    {
      stage: why(stages.last, 'It waits for Secrets that people make, and nothing else should.'),
      crds: true,
      namespaces: { [p.namespace]: 'restricted' },
      registries: ['docker.io/1password/'],
      images: ['1password/' + image for image in ['connect-api', 'connect-sync', 'onepassword-operator']],
      charts: [{
        repo: 'https://1password.github.io/connect-helm-charts',
        name: 'connect',
        version: p.version,
        releaseName: name,
        includeCRDs: true,
        values: {
          connect: {
            replicas: p.replicas,
            [if p.replicas > 1 then 'pdb']: { enabled: true, maxUnavailable: 1 },
            priorityClassName: why(kube.critical, kube.whyCritical),
            credentialsName: credentials,
            dataVolume: { values: why({ sizeLimit: '1Gi' }, 'Copies of the vaults, encrypted: 1Password gives them again.') },
            api: { resources: kube.resources('20m', '64Mi', '256Mi') },
            sync: { resources: kube.resources('10m', '64Mi', '512Mi') },
          },
          operator: {
            create: true,
            priorityClassName: kube.critical,
            token: { name: token },
            resources: why(kube.resources('10m', '64Mi', '512Mi'), 'It holds the Secrets of all namespaces in memory.'),
          },
          acceptanceTests: { healthCheck: why({ enabled: false }, 'Nothing here runs tests of charts.') },
        },
      }],
      patches: [
        {
          target: { kind: 'Deployment', name: name },
          patch: {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            metadata: { name: name },
            spec: { template: { spec: {
              automountServiceAccountToken: false,
              [if p.replicas > 1 then 'topologySpreadConstraints']: kube.spread(connects.matchLabels),
            } } },
          },
        },
        {
          target: { kind: 'Deployment', name: operator },
          patch: {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            metadata: { name: operator },
            spec: { strategy: { type: 'Recreate', rollingUpdate: null }, template: { spec: { automountServiceAccountToken: true } } },
          },
        },
        { target: { kind: 'ClusterRole', name: operator }, patch: rights },
        kube.without('rbac.authorization.k8s.io/v1', 'ClusterRole', { metadata+: { creationTimestamp: null } }),
      ],
      objects: {
        'network-policy.yaml': [
          // The operator reaches it, and it reaches 1Password.
          kube.reached(name, p.namespace, connects, [{ podSelector: operators }] + platform.monitoring.peers) { spec+: {
            policyTypes: ['Egress', 'Ingress'],
            egress: [
              // Names are asked in the cluster, or of the machine where it caches them.
              { to: kube.from(['kube-system']) + [{ ipBlock: { cidr: '169.254.0.0/16' } }], ports: [{ port: 53, protocol: 'UDP' }, { port: 53, protocol: 'TCP' }] },
              { to: [{ ipBlock: { cidr: '0.0.0.0/0' } }, { ipBlock: { cidr: '::/0' } }], ports: [{ port: 443, protocol: 'TCP' }] },
            ],
          } },
          kube.reached(operator, p.namespace, operators, []),
        ],
      },
      extras: {
        'monitor.yaml': platform.monitoring.monitor(
          name, p.namespace, { matchLabels: { 'app.kubernetes.io/component': 'connect' } }, [{ port: 'connect-api' }]
        ) + platform.monitoring.rules(name, p.namespace, alarms(p.namespace)),
      },
      extrasStage: stages.last,
      folders: {
        [folder]: 'What stands here is deployed to ' + platform.cluster.name + ': OnePasswordItems, which say what stands in 1Password. README.md of this repository says how.',
      },
      readme: {
        section: std.foldl(
          function(text, word) std.strReplace(text, word[0], word[1]),
          [['NAMESPACE', p.namespace], ['CLUSTER', platform.cluster.name], ['OPERATOR', operator]],
          manual
        ),
        edit: '`clusters/<cluster>/' + folder + '/`: what stands in 1Password and becomes Secrets.',
      },
      agents: 'Secrets are in 1Password; OnePasswordItems in `clusters/<cluster>/' + folder + '/` name them. Nothing secret is committed.',
      ignored: { '1password-credentials.json': 'With it, and a token, 1Password is asked.' },
      data: [data.of({
        what: 'copies of what stands in 1Password',
        where: 'the pods of Connect',
        dispensable: '1Password gives them again',
      })],
      secrets: [
        { name: credentials, namespace: p.namespace, keys: ['1password-credentials.json'], purpose: 'what Connect is to 1Password' },
        { name: token, namespace: p.namespace, keys: ['token'], purpose: 'what the operator is to Connect' },
      ],
      waivers: waive(
        ['rbac/secrets', 'rbac/wildcard'],
        { kind: 'ClusterRole', name: operator },
        'Its chart lets it do everything with its own kind and with Secrets, which it makes.'
      ),
      provides:: {
        apiVersion: 'onepassword.com/v1',
        kind: 'OnePasswordItem',
        folder: 'clusters/' + platform.cluster.name + '/' + folder,
      },
    },
)
