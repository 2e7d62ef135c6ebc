// sealed-secrets makes Secrets of what stands in Git sealed: anybody can seal, and the cluster alone can open.
local component = import '../lib/component.libsonnet';
local data = import '../lib/data.libsonnet';
local kube = import '../lib/kube.libsonnet';
local measure = import '../lib/measure.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'sealed-secrets';
local folder = 'secrets';
local pods = { matchLabels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': name } };

local alarms = [{ name: name, rules: [
  measure.alarm(
    'SealedSecretStaysSealed',
    'warning',
    '15m',
    'sealed_secrets_controller_condition_info{condition="Synced"} == -1',
    'The SealedSecret {{ $labels.exported_namespace }}/{{ $labels.name }} cannot be opened.'
  ),
] }];

local manual = |||
  ## Secrets of CLUSTER

  Secrets stand in Git sealed: with the cluster's public key, by [kubeseal](https://github.com/bitnami/sealed-secrets). Each cluster has its own. Get it, once the platform runs:

  ```sh
  kubectl -n NAMESPACE get secret -l sealedsecrets.bitnami.com/sealed-secrets-key --sort-by=.metadata.creationTimestamp -o jsonpath='{.items[-1:].data.tls\.crt}' \
    | base64 -d > clusters/CLUSTER/sealed-secrets.pem
  ```

  Commit it: it is for everybody. Then seal a first one:

  ```sh
  kubectl -n default create secret generic example --from-literal=password=change-me --dry-run=client -o yaml \
    | kubeseal --cert clusters/CLUSTER/sealed-secrets.pem -o yaml > clusters/CLUSTER/secrets/example.yaml
  ```

  The private keys are in the cluster alone, a new one each year, and those before stay. Keep them where you keep passwords, never in Git: without them nobody opens what is in Git.

  ```sh
  kubectl -n NAMESPACE get secret -l sealedsecrets.bitnami.com/sealed-secrets-key -o yaml > sealing-keys.yaml
  ```

  **Another key** before its year is over, since somebody has it who should not: they can read all that was ever committed, so change the passwords themselves, too. Set
  `components.sealed-secrets.values.keycutofftime` to now, as `date -R` says it, run `gitopsgen scaffold` and push. Once there is a new key, get its public part and keep the private ones
  by the two commands above, and seal all again:

  ```sh
  for file in clusters/CLUSTER/secrets/*.yaml; do
    kubeseal --recovery-unseal --recovery-private-key sealing-keys.yaml -o yaml < "$file" > ../clear.yaml &&
      kubeseal --cert clusters/CLUSTER/sealed-secrets.pem -o yaml < ../clear.yaml > ../sealed.yaml && mv ../sealed.yaml "$file"
  done
  rm ../clear.yaml
  ```

  **A cluster that is built anew** opens what is in Git with the keys that you kept: give them to it once its namespaces are there, before all else comes.

  ```sh
  kubectl apply -f sealing-keys.yaml
  ```
|||;

component(
  {
    name: name,
    purpose: 'makes Secrets of what stands in Git sealed',
    capability: 'secrets',
    option: name,
  },
  { namespace: name, version: '2.19.1' },
  function(p, platform)
    {
      stage: stages.storage,
      crds: true,
      namespaces: { [p.namespace]: 'restricted' },
      registries: ['ghcr.io/bitnami/'],
      images: ['ghcr.io/bitnami/sealed-secrets-controller'],
      charts: [{
        repo: 'https://bitnami.github.io/sealed-secrets',
        name: name,
        version: p.version,
        includeCRDs: true,
        values: {
          image: why({ registry: 'ghcr.io' }, 'The image is there as well as in the catalogue of Bitnami at docker.io, which ends.'),
          keyrenewperiod: why('8760h', 'Each new key has to be kept elsewhere too: the chart would make one each month.'),
          rbac: { serviceProxier: why({ create: false }, 'All accounts could ask it through the API server. People seal with the public key that is in Git.') },
          priorityClassName: why(kube.critical, kube.whyCritical),
          podSecurityContext: { seccompProfile: { type: 'RuntimeDefault' } },
          containerSecurityContext: { allowPrivilegeEscalation: false },
          resources: kube.resources('10m', '64Mi', '256Mi'),
        },
      }],
      objects: {
        'network-policy.yaml': kube.reached(name, p.namespace, pods, platform.monitoring.peers),
      },
      extras: {
        'monitor.yaml': platform.monitoring.podMonitor(name, p.namespace, pods, [{ port: 'metrics' }]) + platform.monitoring.rules(name, p.namespace, alarms),
      },
      folders: {
        [folder]: 'What stands here is deployed to ' + platform.cluster.name + ': SealedSecrets. README.md of this repository says how they are made.',
      },
      readme: {
        section: std.strReplace(std.strReplace(manual, 'NAMESPACE', p.namespace), 'CLUSTER', platform.cluster.name),
        edit: '`clusters/<cluster>/' + folder + '/`: sealed secrets.',
      },
      agents: 'Secrets are SealedSecrets in `clusters/<cluster>/' + folder + '/`, made by `kubeseal` with the public key beside that folder.',
      data: [data.secret(platform, p.namespace, '', {
        what: 'the keys of SealedSecrets',
        where: 'Secrets with the label sealedsecrets.bitnami.com/sealed-secrets-key in the namespace ' + p.namespace,
        loss: 'what is sealed in Git, which nobody can open',
        keep: 'keep sealing-keys.yaml where you keep passwords, as README.md says, and again each year',
        restore: std.strReplace(|||
          From your copy, all of them:

          ```sh
          kubectl apply -f sealing-keys.yaml
          ```

          Where they come back later, have them read: `kubectl -n NAMESPACE rollout restart deployment sealed-secrets`.
        |||, 'NAMESPACE', p.namespace),
      })],
      ignored: { 'sealing-keys.yaml': 'The keys of all secrets.' },
      waivers: waive(
        ['rbac/secrets'],
        { kind: 'ClusterRole', name: 'secrets-unsealer' },
        'It makes Secrets of what is sealed, in every namespace.'
      ),
      provides:: {
        apiVersion: 'bitnami.com/v1alpha1',
        kind: 'SealedSecret',
        folder: 'clusters/' + platform.cluster.name + '/' + folder,
      },
    },
)
