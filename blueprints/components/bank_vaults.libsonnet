// bank-vaults runs Vault: its operator makes the servers, unseals them, and writes into Vault what Git says of policies and roles. No
// Secrets are made of what stands there: a webhook has pods get it as they start.
//
// The licence of Vault itself is the Business Source License 1.1: a company that sells something like it must read that first.
local component = import '../lib/component.libsonnet';
local data = import '../lib/data.libsonnet';
local kube = import '../lib/kube.libsonnet';
local measure = import '../lib/measure.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'bank-vaults';
local operator = 'vault-operator';
local vault = 'vault';
local certificate = 'vault-server';
local pods = { matchLabels: { 'app.kubernetes.io/name': vault, vault_cr: vault } };
local image = 'hashicorp/vault', unsealer = 'ghcr.io/bank-vaults/bank-vaults';

// The chart lets it do everything with Ingresses and ServiceMonitors of all namespaces. Where a later version says other than what
// is tested here, the render fails.
local rights = [
  { op: 'test', path: '/rules/7/resources', value: ['servicemonitors'] },
  { op: 'remove', path: '/rules/7' },
  { op: 'test', path: '/rules/6/resources', value: ['ingresses'] },
  { op: 'remove', path: '/rules/6' },
];

local alarms(namespace) = [{ name: name, rules: [
  measure.alarm(
    'VaultSealed',
    'critical',
    '5m',
    'kube_pod_status_ready{namespace="' + namespace + '", pod=~"vault-[0-9]+", condition="true"} == 0',
    'Vault {{ $labels.pod }} is sealed or does not work.'
  ),
  measure.alarm(
    'VaultWithoutLeader',
    'critical',
    '5m',
    'max(vault_core_active{namespace="' + namespace + '"}) < 1 or absent(vault_core_active{namespace="' + namespace + '"})',
    'No Vault is in charge: nobody gets secrets.'
  ),
] }];

local manual = |||
  ## Vault of CLUSTER

  The operator of Bank-Vaults makes Vault, unseals it and configures it as `components.bank-vaults.params.config` says; people put secrets in. Where `params.unseal` names nothing else, the
  keys and the root token are in the Secret `vault-unseal-keys`: whoever reads that, or etcd, reads everything.

  ```sh
  kubectl -n NAMESPACE exec -ti vault-0 -c vault -- sh
  export VAULT_ADDR=ADDRESS VAULT_CACERT=/vault/tls/ca.crt VAULT_TOKEN=...   # kubectl -n NAMESPACE get secret vault-unseal-keys -o jsonpath='{.data.vault-root}' | base64 -d
  vault kv put secret/platform/example password=change-me
  ```

  A pod of a namespace in `components.bank-vaults.params.clients` asks for it by annotations, and gets it as it starts, in its environment; nothing of it is in Git or in a Secret:

  ```yaml
  metadata:
    annotations:
      vault.security.banzaicloud.io/vault-addr: ADDRESS
      vault.security.banzaicloud.io/vault-role: platform
      vault.security.banzaicloud.io/vault-tls-secret: vault-authority
  spec:
    containers:
      - name: example
        command: [/example]
        env:
          - {name: PASSWORD, value: 'vault:secret/data/platform/example#password'}
  ```

  `vault-authority` is a Secret beside it with the authority:

  ```sh
  kubectl -n NAMESPACE get secret vault-server-tls -o jsonpath='{.data.ca\.crt}' | base64 -d > ca.crt
  kubectl -n THERE create secret generic vault-authority --from-file=ca.crt
  ```

  **Another password**: `vault kv put`, then start the pods anew. **Other keys**: `vault operator rekey` and `vault operator rotate`, as above, and the new ones into where they are kept.

  **A cluster that is built anew** starts with an empty Vault, so keep outside of it, and apart from each other: a snapshot each day, and the Secret with the keys.

  ```sh
  kubectl -n NAMESPACE exec vault-0 -c vault -- env VAULT_ADDR=ADDRESS VAULT_CACERT=/vault/tls/ca.crt VAULT_TOKEN=... vault operator raft snapshot save /tmp/snapshot
  kubectl -n NAMESPACE cp -c vault vault-0:/tmp/snapshot snapshot
  kubectl -n NAMESPACE get secret vault-unseal-keys -o yaml > unseal-keys.yaml
  ```

  Once the new Vault runs, `vault operator raft snapshot restore -force` there, `kubectl replace --force -f unseal-keys.yaml`, and `kubectl -n NAMESPACE delete pod -l vault_cr=vault`.
|||;

component(
  {
    name: name,
    purpose: 'runs Vault, unseals it and hands secrets to pods as they start (licence of Vault: BUSL-1.1)',
    capability: 'secrets',
    option: name,
    with: [name + '-webhook'],
    params: {
      servers: 'the namespace of Vault itself',
      vaultVersion: 'the version of Vault',
      unsealerVersion: 'the version of what unseals it',
      replicas: 'servers of Vault',
      storage: 'the disk of each server',
      unseal: { type: 'string or object', says: 'where the keys are kept: `kubernetes`, in a Secret, or as unsealConfig of the kind Vault has it: `{aws: {...}}`' },
      clients: 'namespaces whose pods may ask Vault, as their account default or vault, for what stands below platform/',
      config: 'further configuration of Vault, as externalConfig of the kind Vault has it',
    },
  },
  {
    namespace: name,
    servers: vault,
    version: '1.24.0',
    vaultVersion: '2.0.4',
    unsealerVersion: 'v1.33.1',
    replicas: tier(1, 3, 3),
    storage: tier('2Gi', '10Gi', '10Gi'),
    unseal: null,
    clients: [],
    config: {},
  },
  function(p, platform)
    local tls =
      if platform.certificates.root != null then true
      else error name + ': nothing signs certificates within the cluster; choose capabilities.certificates';
    local address = 'https://vault.' + p.servers + '.svc:8200';
    local hosts = ['localhost', vault] + std.flatMap(
      function(service) [service + '.' + p.servers, service + '.' + p.servers + '.svc', service + '.' + p.servers + '.svc.cluster.local'],
      [vault] + [vault + '-' + i for i in std.range(0, p.replicas - 1)]
    );
    local kept = p.unseal == null || p.unseal == 'kubernetes';
    local unseal =
      if kept then { kubernetes: { secretNamespace: p.servers, secretName: 'vault-unseal-keys' } }
      else if std.isObject(p.unseal) then p.unseal
      else error 'components.bank-vaults.params.unseal: want kubernetes, or what keeps the keys as unsealConfig has it: {aws: {kmsKeyId: ..., s3Bucket: ...}}';
    local rbac = 'rbac.authorization.k8s.io';
    local account = [{ kind: 'ServiceAccount', name: vault, namespace: p.servers }];
    local confined = kube.confined { readOnlyRootFilesystem: true };
    {
      stage: stages.operators,
      crds: true,
      syncOptions: ['ServerSideApply=true'],
      // The operator gives Vault a right, IPC_LOCK, that the other levels do not allow, and has no field that takes it away.
      namespaces: { [p.namespace]: 'restricted', [p.servers]: why('privileged', 'The operator gives Vault IPC_LOCK, which no other level allows, and nothing takes that away.') },
      registries: ['ghcr.io/bank-vaults/', 'docker.io/hashicorp/'],
      images: ['ghcr.io/bank-vaults/vault-operator'],
      charts: [{
        repo: 'oci://ghcr.io/bank-vaults/helm-charts',
        name: operator,
        version: p.version,
        releaseName: operator,
        includeCRDs: true,
        values: {
          bankVaults: { image: { repository: platform.image(unsealer), tag: p.unsealerVersion } },
          pdb: why({ create: false }, 'There is one operator: a budget would keep its machine from being drained.'),
          podSecurityContext: why(kube.user(65532), 'The image names no user.'),
          securityContext: confined,
          priorityClassName: why(kube.critical, kube.whyCritical),
          resources: kube.resources('20m', '96Mi', '256Mi') { limits+: { cpu: why(null, 'Beyond its request it may use what nobody else wants.') } },
        },
      }],
      patches: [
        { target: { kind: 'ClusterRole', name: operator }, patch: rights },
        {
          target: { kind: 'Deployment', name: operator },
          patch: kube.object('apps/v1', 'Deployment', operator, rest={ spec: { template: { spec: { automountServiceAccountToken: true } } } }),
        },
      ],
      objects: {
        'network-policy.yaml': [
          kube.reached(operator, p.namespace, { matchLabels: { 'app.kubernetes.io/name': operator } }, platform.monitoring.peers),
          kube.reached(vault, p.servers, {}, [{ podSelector: {} }] + platform.monitoring.peers + kube.from([p.namespace] + p.clients)),
        ],
        'account.yaml': [
          kube.object('v1', 'ServiceAccount', vault, p.servers, { automountServiceAccountToken: false }),
          kube.object(rbac + '/v1', 'Role', vault, p.servers, { rules: [
            { apiGroups: [''], resources: ['secrets'], verbs: ['create', 'get', 'update'] },
            { apiGroups: [''], resources: ['pods'], verbs: ['get', 'patch', 'update'] },
          ] }),
          kube.object(rbac + '/v1', 'RoleBinding', vault, p.servers, { roleRef: { apiGroup: rbac, kind: 'Role', name: vault }, subjects: account }),
          // It asks the API server whose tokens it is shown.
          kube.object(rbac + '/v1', 'ClusterRoleBinding', name + '-tokens', rest={
            roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'system:auth-delegator' },
            subjects: account,
          }),
        ],
      },
      extras: {
        'certificate.yaml': platform.certificates.internal(certificate, p.servers, hosts),
        'vault.yaml': kube.object('vault.banzaicloud.com/v1alpha1', 'Vault', vault, p.servers, {
          metadata+: { annotations: why(kube.kept, 'Without it the operator takes Vault away.') },
          spec: {
            size: p.replicas,
            image: platform.image(image) + ':' + p.vaultVersion,
            bankVaultsImage: platform.image(unsealer) + ':' + p.unsealerVersion,
            serviceAccount: vault,
            serviceType: 'ClusterIP',
            serviceRegistrationEnabled: true,
            skipEntrypointSetup: why(true, 'Its image would change owners and rights of files, as root.'),
            statsdDisabled: true,
            existingTlsSecretName: certificate + '-tls',
            unsealConfig: unseal,
            config: {
              ui: true,
              disable_mlock: true,
              api_addr: address,
              cluster_addr: 'https://${.Env.POD_NAME}:8201',
              listener: { tcp: {
                address: '[::]:8200',
                tls_cert_file: '/vault/tls/server.crt',
                tls_key_file: '/vault/tls/server.key',
                telemetry: { unauthenticated_metrics_access: true },
              } },
              storage: { raft: { path: '/vault/file' } },
              telemetry: { prometheus_retention_time: '60s', disable_hostname: true },
            },
            externalConfig: {
              secrets: [{ path: 'secret', type: 'kv', options: { version: 2 } }],
              audit: [{ type: 'file', options: { file_path: 'stdout' } }],
              policies: [{ name: 'platform', rules: 'path "secret/data/platform/*" { capabilities = ["read"] }' }],
              auth: [{ type: 'kubernetes', [if p.clients != [] then 'roles']: [{
                name: 'platform',
                bound_service_account_names: ['default', vault],
                bound_service_account_namespaces: p.clients,
                policies: ['platform'],
                ttl: '1h',
              }] }],
            } + p.config,
            volumeClaimTemplates: [{ metadata: { name: 'vault-raft' }, spec: {
              accessModes: ['ReadWriteOnce'],
              resources: { requests: { storage: p.storage } },
              [if platform.storage.class != null then 'storageClassName']: platform.storage.class,
            } }],
            volumes: [{ name: 'tmp', emptyDir: {} }],
            volumeMounts: [{ name: 'vault-raft', mountPath: '/vault/file' }, { name: 'tmp', mountPath: '/tmp' }],
            resources: { vault: kube.resources('250m', '256Mi', '1Gi'), bankVaults: kube.resources('20m', '64Mi', '256Mi') },
            securityContext: kube.user(100) { runAsGroup: 1000, fsGroup: 1000, fsGroupChangePolicy: 'OnRootMismatch' },
            vaultContainerSpec: {
              name: vault,
              lifecycle: { postStart: { exec: { command: why(
                ['/bin/sh', '-c', '(while sleep 3600; do kill -HUP $(pidof vault); done) >/dev/null 2>&1 &'], 'Vault reads a renewed certificate when it is told to.'
              ) } } },
              securityContext: confined,
            },
            vaultPodSpec: {
              priorityClassName: kube.critical,
              [if p.replicas > 1 then 'topologySpreadConstraints']: kube.spread(pods.matchLabels),
              containers: [{ name: 'bank-vaults', securityContext: confined }],
              initContainers: [{ name: 'config-templating', securityContext: confined }],
            },
            vaultConfigurerPodSpec: { containers: [{ name: 'bank-vaults', securityContext: confined }] },
          },
        }),
        [if p.replicas > 1 then 'disruption-budget.yaml']: kube.object('policy/v1', 'PodDisruptionBudget', vault, p.servers, { spec: {
          maxUnavailable: 1,
          unhealthyPodEvictionPolicy: 'AlwaysAllow',
          selector: pods,
        } }),
        'monitor.yaml': platform.monitoring.podMonitor(vault, p.servers, pods, [{
          port: 'api-port',
          path: '/v1/sys/metrics',
          params: { format: ['prometheus'] },
          scheme: 'https',
          tlsConfig: { ca: { secret: { name: certificate + '-tls', key: 'ca.crt' } }, serverName: vault },
        }]) + platform.monitoring.rules(name, p.servers, alarms(p.servers)),
      },
      extrasStage: stages.last,
      decisions: (if p.unseal != null then [] else [{
                    what: "Vault's keys and its root token are kept in a Secret of the same cluster: whoever reads that, or etcd, reads everything",
                    do: 'set components.bank-vaults.params.unseal to what keeps them elsewhere, such as {aws: {kmsKeyId: ..., s3Bucket: ...}}, or to kubernetes if that is enough',
                  }]) + (if p.clients != [] then [] else [{
                           what: 'no pod may ask Vault',
                           do: 'set components.bank-vaults.params.clients to the namespaces whose pods may',
                         }]),
      readme: { section: std.foldl(
        function(text, word) std.strReplace(text, word[0], word[1]),
        [['NAMESPACE', p.servers], ['CLUSTER', platform.cluster.name], ['ADDRESS', address]],
        manual
      ) },
      agents: 'Secrets are in Vault; pods get them as they start, by values such as `vault:secret/data/platform/example#password` in their environment. Nothing secret is committed.',
      data: [data.of({
        what: 'Vault, with all secrets',
        where: 'claims in the namespace ' + p.servers,
        namespace: p.servers,
        loss: 'every secret that stands in it',
        keep: 'vault operator raft snapshot save, each night; files that are copied while Vault writes them are no backup',
        restore: std.foldl(function(text, word) std.strReplace(text, word[0], word[1]), [
          ['KEYS', if kept then 'kubectl replace --force -f unseal-keys.yaml' else '# the keys, to where params.unseal keeps them'],
          ['NAMESPACE', p.servers],
          ['ADDRESS', address],
        ], |||
          Once the new Vault is unsealed, bring the last snapshot. After that the keys of the lost Vault are those that unseal it: put them where those of the new one are.

          ```sh
          kubectl -n NAMESPACE cp -c vault snapshot vault-0:/tmp/snapshot
          kubectl -n NAMESPACE exec vault-0 -c vault -- env VAULT_ADDR=ADDRESS VAULT_CACERT=/vault/tls/ca.crt VAULT_TOKEN=... vault operator raft snapshot restore -force /tmp/snapshot
          KEYS
          kubectl -n NAMESPACE delete pod -l vault_cr=vault
          ```
        |||),
      })] + (if !kept then [] else [data.of({
               what: 'the keys of Vault',
               where: 'Secret ' + p.servers + '/vault-unseal-keys',
               loss: 'every snapshot of Vault',
               keep: 'kubectl -n ' + p.servers + ' get secret vault-unseal-keys -o yaml > unseal-keys.yaml, which is kept where you keep passwords, and where no snapshot is',
             })]),
      ignored: { 'unseal-keys.yaml': "Vault's keys." },
      waivers: waive(
        ['rbac/create-pods', 'rbac/secrets', 'rbac/wildcard', 'rbac/delete-events'],
        { kind: 'ClusterRole', name: operator },
        'It makes Vault, its Secrets and what configures it in whatever namespace somebody asks for one.'
      ) + waive(
        ['rbac/secrets'],
        { kind: 'Role', namespace: p.servers, name: vault },
        'The keys of Vault are kept in a Secret there, unless the parameter unseal says otherwise.'
      ),
    },
)
