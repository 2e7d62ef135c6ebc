// vault keeps secrets outside of Git and of etcd, and gives them to those who may have them.
//
// Since version 1.15 its licence is the Business Source License 1.1: a company that sells something like it must read that first.
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

local name = 'vault';
local certificate = 'vault-server';
local folder = 'secrets';
local sealSecret = 'vault-seal';
local labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': name, component: 'server' };

// block is one of HCL. Every value is a text there, or a list of texts.
local block(head, fields) =
  head + ' {\n' + std.join('', ['  ' + field + ' = ' + std.manifestJsonMinified(fields[field]) + '\n' for field in std.objectFields(fields)]) + '}\n';

local peer(i) = 'vault-' + i + '.vault-internal';

// own are the keys by which Vault unseals itself; null where nobody has decided.
local seal(given) =
  if given == null || given == 'shamir' then ''
  else if std.isObject(given) && std.objectHas(given, 'type') then block('seal ' + std.manifestJsonMinified(given.type), { [field]: given[field] for field in std.objectFields(given) if field != 'type' })
  else error 'components.vault.params.seal: want shamir, or what unseals Vault as its stanza seal has it: {type: transit, address: ..., key_name: ...}';

local config(p, tls) = std.join('', [
  'ui = true\n',
  // Swap is off where Kubernetes runs; and mlock would need a right that no pod here has.
  'disable_mlock = true\n',
  'listener "tcp" {\n',
  '  address = "[::]:8200"\n  cluster_address = "[::]:8201"\n',
  if tls then '  tls_cert_file = "/vault/tls/tls.crt"\n  tls_key_file = "/vault/tls/tls.key"\n' else '  tls_disable = true\n',
  '  telemetry {\n    unauthenticated_metrics_access = true\n  }\n}\n',
  'storage "raft" {\n  path = "/vault/data"\n',
] + [
  '  retry_join {\n    leader_api_addr = "' + (if tls then 'https' else 'http') + '://' + peer(i) + ':8200"\n'
  + (if tls then '    leader_ca_cert_file = "/vault/tls/ca.crt"\n' else '') + '  }\n'
  for i in std.range(0, p.replicas - 1)
] + [
  '}\n',
  'service_registration "kubernetes" {}\n',
  block('telemetry', { prometheus_retention_time: '60s', disable_hostname: 'true' }),
  seal(p.seal),
]);

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
  ## Vault of HUB

  Vault keeps the secrets. Once it runs, and before anything gets a secret from it, make its keys:

  ```sh
  kubectl -n NAMESPACE exec -ti vault-0 -- vault operator init TLS
  ```

  What that prints is shown once: the keys belong to different people, each in their own safe place, and the root token to nobody once all is set up.
  UNSEAL

  Then, with `VAULT_TOKEN` set to the root token, let MAKER read what stands below `platform/`, and write down who asks for what:

  ```sh
  kubectl -n NAMESPACE exec -ti vault-0 -- sh
  export VAULT_TOKEN=... VAULT_ADDR=ADDRESS VAULT_CACERT=/vault/tls/ca.crt
  vault audit enable file file_path=stdout
  vault secrets enable -path=secret -version=2 kv
  vault auth enable kubernetes
  vault write auth/kubernetes/config kubernetes_host=https://kubernetes.default.svc
  printf 'path "secret/data/platform/*" { capabilities = ["read"] }' | vault policy write platform -
  ROLE
  ```

  EXAMPLE

  **Another password**: `vault kv put secret/platform/NAME ...`, and the Secret follows within the hour. **Other keys**, since one of those who have them leaves: `vault operator rekey -init`,
  and then each of the others `vault operator rekey`; `vault operator rotate` changes what Vault itself encrypts with.

  **A cluster that is built anew** starts with an empty Vault. Snapshots belong outside of the cluster, one each day: without them and the keys nobody gets the secrets back.

  ```sh
  vault operator raft snapshot save /tmp/snapshot        # as above, then: kubectl -n NAMESPACE cp vault-0:/tmp/snapshot snapshot
  vault operator raft snapshot restore -force /tmp/snapshot   # in the new one, once it has keys of its own; from then on those of the old one count
  ```
|||;

// external is how External Secrets is told of: it comes along where nothing else makes Secrets.
local external = {
  namespace: 'external-secrets',
  title: 'External Secrets',
  role: |||
    vault write auth/kubernetes/role/platform bound_service_account_names=external-secrets \
      bound_service_account_namespaces=external-secrets policies=platform ttl=1h
  |||,
  example: |||
    An ExternalSecret below `clusters/HUB/secrets/` becomes a Secret in a namespace of the platform, of what stands in Vault; nothing of it is in Git. Teams have a
    SecretStore of their own in each namespace, which asks Vault as the ServiceAccount `vault` there, and a role in Vault for that:

    ```yaml
    apiVersion: external-secrets.io/v1
    kind: ExternalSecret
    metadata:
      name: grafana-admin
      namespace: monitoring
    spec:
      refreshInterval: 1h
      secretStoreRef: {kind: ClusterSecretStore, name: platform}
      dataFrom:
        - extract: {key: platform/grafana-admin}
    ```
  |||,
};

local again = |||
  Vault is new and empty: make it as README.md says, with keys that are thrown away after this. Then bring the last snapshot, with `VAULT_TOKEN` set to the new root token. After that the keys
  of the lost Vault are those that unseal it:

  ```sh
  kubectl -n NAMESPACE cp vault.snap vault-0:/tmp/vault.snap
  kubectl -n NAMESPACE exec -ti vault-0 -- sh
  export VAULT_TOKEN=... VAULT_ADDR=ADDRESS VAULT_CACERT=/vault/tls/ca.crt
  vault operator raft snapshot restore -force /tmp/vault.snap
  ```

  UNSEAL
|||;

local unseal = {
  shamir: |||
    Vault stays sealed until three of the five people give their keys, to each server, and again whenever one starts anew:

    ```sh
    for i in SERVERS; do kubectl -n NAMESPACE exec -ti vault-$i -- vault operator unseal TLS; done
    ```
  |||,
  itself: 'Vault unseals itself.\n',
};

component(
  {
    name: name,
    purpose: 'keeps secrets outside of Git, and gives them to those who may have them (licence: BUSL-1.1)',
    capability: 'secrets',
    option: name,
    with: ['external-secrets'],
    params: {
      storage: 'the disk of each server',
      seal: { type: 'string or object', says: '`shamir`, or what unseals Vault, as its stanza seal has it: `{type: transit, address: ...}`' },
      sealKeys: 'names of environment variables in the Secret vault-seal, for what unseals Vault',
      clients: 'namespaces whose pods may ask Vault',
    },
  },
  {
    namespace: name,
    version: '0.34.1',
    replicas: tier(1, 3, 3),
    storage: tier('2Gi', '10Gi', '10Gi'),
    host: null,
    seal: null,
    sealKeys: [],
    clients: derived('that of what makes Secrets of it', function(p, platform) [(if platform.secrets.maker != null then platform.secrets.maker else external).namespace]),
  },
  function(p, platform)
    local tls = platform.certificates.root != null;
    local host = ingress.host(platform, name, name, p.host);
    // Nobody is to send a token in clear.
    local exposed = platform.ingress.exposes && ingress.overTLS(platform);
    local scheme = if tls then 'https' else 'http';
    local address = scheme + '://vault.' + p.namespace + '.svc:8200';
    local hosts = std.flatMap(
      function(service) [service, service + '.' + p.namespace + '.svc', service + '.' + p.namespace + '.svc.cluster.local'], [name, name + '-active', name + '-internal']
    ) + [peer(i) for i in std.range(0, p.replicas - 1)];
    local maker = platform.secrets.maker;
    local byHand = p.seal == null || p.seal == 'shamir';
    local text(template) = std.foldl(
      function(text, word) std.strReplace(text, word[0], word[1]),
      [
        ['ROLE\n', maker.role],
        ['EXAMPLE\n', maker.example],
        ['MAKER', maker.title],
        ['UNSEAL\n', if byHand then unseal.shamir else unseal.itself],
        ['SERVERS', std.join(' ', [std.toString(i) for i in std.range(0, p.replicas - 1)])],
        ['NAMESPACE', p.namespace],
        ['ADDRESS', address],
        [' TLS', if tls then ' -ca-cert=/vault/tls/ca.crt -tls-server-name=vault' else ''],
        ['HUB', platform.cluster.name],
      ],
      template
    );
    {
      stage: why(stages.last, 'It waits for people who unseal it, and nothing else should.'),
      namespaces: { [p.namespace]: 'restricted' },
      registries: ['docker.io/hashicorp/'],
      images: ['hashicorp/vault'],
      charts: [{
        repo: 'https://helm.releases.hashicorp.com',
        name: name,
        version: p.version,
        values: {
          global: { tlsDisable: !tls },
          injector: why({ enabled: false }, 'It would change pods on their way, and stop all of them where it fails; External Secrets makes Secrets.'),
          server: {
            ha: {
              enabled: true,
              replicas: p.replicas,
              apiAddr: why(scheme + '://$(VAULT_K8S_POD_NAME).vault-internal:8200', 'A name that is in the certificate; the chart would take the address of the pod.'),
              raft: { enabled: true, setNodeId: true, config: config(p, tls) },
              disruptionBudget: if p.replicas > 1 then { maxUnavailable: 1 } else why({ enabled: false }, 'It would keep the machine from being drained.'),
            },
            includeConfigAnnotation: why(true, 'A change in the configuration restarts the servers.'),
            updateStrategyType: why('RollingUpdate', 'One after the other, each when the one before is unsealed.'),
            affinity: why('', 'The chart insists on different machines: on fewer a server would wait for ever.'),
            topologySpreadConstraints: kube.spread(labels),
            priorityClassName: why(kube.critical, kube.whyCritical),
            readinessProbe: { path: '/v1/sys/health?standbyok=true&perfstandbyok=true' },
            livenessProbe: why(
              { enabled: true, path: '/v1/sys/health?standbyok=true&perfstandbyok=true&sealedcode=204&uninitcode=204' },
              'To restart what is sealed would help nobody.'
            ),
            [if tls then 'postStart']: why(
              ['/bin/sh', '-c', '(while sleep 3600; do kill -HUP $(pidof vault); done) >/dev/null 2>&1 &'],
              'Vault reads a renewed certificate when it is told to.'
            ),
            [if p.sealKeys != [] then 'extraSecretEnvironmentVars']: [{ envName: key, secretName: sealSecret, secretKey: key } for key in p.sealKeys],
            volumes: [{ name: 'tmp', emptyDir: {} }] + if tls then [{ name: 'tls', secret: { secretName: certificate + '-tls' } }] else [],
            volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }] + if tls then [{ name: 'tls', mountPath: '/vault/tls', readOnly: true }] else [],
            dataStorage: { size: p.storage, [if platform.storage.class != null then 'storageClass']: platform.storage.class },
            resources: kube.resources('250m', '256Mi', '1Gi'),
            statefulSet: { securityContext: {
              pod: kube.user(100) { runAsGroup: 1000, fsGroup: 1000, fsGroupChangePolicy: 'OnRootMismatch' },
              container: kube.confined { readOnlyRootFilesystem: true },
            } },
          },
        },
      }],
      objects: {
        [if tls then 'certificate.yaml']: platform.certificates.internal(certificate, p.namespace, hosts),
        'network-policy.yaml': kube.reached(
          name,
          p.namespace,
          { matchLabels: { 'app.kubernetes.io/name': name } },
          [{ podSelector: {} }] + ingress.proxies(platform) + platform.monitoring.peers + kube.from(p.clients)
        ),
      },
      extras: {
        [if exposed then 'page.yaml']: platform.ingress.expose({
          name: name,
          namespace: p.namespace,
          host: host,
          service: name + '-active',
          port: 8200,
          [if tls then 'backendTLS']: { hostname: name + '-active.' + p.namespace + '.svc', secret: certificate + '-tls' },
        }),
        'monitor.yaml': platform.monitoring.podMonitor(name, p.namespace, { matchLabels: labels }, [{
          port: scheme,
          path: '/v1/sys/metrics',
          params: { format: ['prometheus'] },
          scheme: scheme,
          [if tls then 'tlsConfig']: { ca: { secret: { name: certificate + '-tls', key: 'ca.crt' } }, serverName: name },
        }]) + platform.monitoring.rules(name, p.namespace, alarms(p.namespace)),
      },
      extrasStage: stages.last,
      hosts: if exposed then [host] else [],
      folders: {
        [folder]: 'What stands here is deployed to ' + platform.cluster.name + ': ' + platform.secrets.kind + 's, which say what stands in Vault. README.md of this repository says how.',
      },
      decisions: if p.seal != null then [] else [{
        what: 'Vault stays sealed whenever it starts, until people give their keys',
        do: 'set components.vault.params.seal to what unseals it, such as {type: transit, address: ..., key_name: ...}, or to shamir if people shall',
      }],
      readme: {
        section: text(manual),
        edit: '`clusters/<cluster>/' + folder + '/`: what stands in Vault and becomes Secrets.',
      },
      agents: 'Secrets are in Vault; ' + platform.secrets.kind + 's in `clusters/<cluster>/' + folder + '/` name them. Nothing secret is committed.',
      data: [data.of({
        what: 'Vault, with all secrets',
        where: 'claims in the namespace ' + p.namespace,
        namespace: p.namespace,
        loss: 'every secret that stands in it; and without its keys, those of every snapshot',
        keep: 'vault operator raft snapshot save, each night, to where the keys are not; files that are copied while Vault writes them are no backup',
        restore: text(again),
      })],
      secrets: if p.sealKeys == [] then [] else [{ name: sealSecret, namespace: p.namespace, keys: p.sealKeys, purpose: 'what unseals Vault' }],
      provides:: {
        apiVersion: 'external-secrets.io/v1',
        kind: 'ExternalSecret',
        maker: external,
        folder: 'clusters/' + platform.cluster.name + '/' + folder,
        provider(account):: { vault: {
          server: address,
          path: 'secret',
          version: 'v2',
          [if tls then 'caProvider']: { type: 'Secret', name: certificate + '-tls', namespace: p.namespace, key: 'ca.crt' },
          auth: { kubernetes: { mountPath: 'kubernetes', role: 'platform', serviceAccountRef: account } },
        } },
      },
    },
)
