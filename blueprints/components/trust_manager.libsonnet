// trust-manager hands authorities on: out of the namespace in which they stand, as a ConfigMap, to those who are to believe them.
//
// What needs that brings it along. Enabled by itself it gives each namespace the authority of the platform's own certificates.
local component = import '../lib/component.libsonnet';
local derived = import '../lib/derived.libsonnet';
local kube = import '../lib/kube.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'trust-manager';
local labels = { app: name };

// The ConfigMap that each namespace has, and the Secret that it comes from.
local bundle = 'platform-authority';

component(
  {
    name: name,
    purpose: 'hands authorities on to those who are to believe them',
    params: {
      everywhere: "whether each namespace has the authority of the platform's certificates, as the ConfigMap platform-authority",
    },
  },
  {
    namespace: name,
    version: 'v0.24.0',
    replicas: tier(1, 1, 2),
    everywhere: derived(
      'where no service mesh needs it alone',
      function(p, platform) platform['service-mesh'].anchors == null
    ),  // whether each namespace has the authority of the platform's certificates, as the ConfigMap platform-authority
  },
  function(p, platform)
    local source = if platform['service-mesh'].anchors != null then platform['service-mesh'].anchors else p.namespace;
    local authority = if p.everywhere then platform.certificates.authority(bundle, source) else [];
    {
      stage: why(stages.storage, 'Its own certificate is made by what came in the stage operators.'),
      crds: true,
      needs: ['certificates'],
      namespaces: { [p.namespace]: 'restricted' },
      registries: ['quay.io/jetstack/'],
      images: ['quay.io/jetstack/trust-manager'],
      charts: [{
        repo: 'https://charts.jetstack.io',
        name: name,
        version: p.version,
        values: {
          replicaCount: why(p.replicas, 'One works, and another waits for its turn.'),
          [if p.replicas > 1 then 'podDisruptionBudget']: { enabled: true, maxUnavailable: 1 },
          [if p.replicas > 1 then 'topologySpreadConstraints']: kube.spread(labels),
          app: {
            trust: { namespace: why(source, 'Where the Secrets stand that it reads. It writes ConfigMaps alone.') },
            [if !p.everywhere then 'targetNamespaces']: why([source], 'It may write nowhere else.'),
          },
          defaultPackage: why({ enabled: false }, 'What all the world believes comes with the images of those who ask it.'),
          priorityClassName: why(kube.critical, kube.whyCritical),
          resources: kube.resources('10m', '64Mi', '256Mi'),
        },
      }],
      [if p.replicas > 1 then 'patches']: [{
        target: { kind: 'PodDisruptionBudget', name: name },
        patch: kube.object('policy/v1', 'PodDisruptionBudget', name, rest={ spec: { unhealthyPodEvictionPolicy: 'AlwaysAllow' } }),
      }],
      objects: {
        // The API server asks it about bundles before it keeps them.
        'network-policy.yaml': kube.asked(name, p.namespace, { matchLabels: labels }, 'webhook', platform.monitoring.peers),
      },
      extras: {
        [if authority != [] then 'bundle.yaml']: authority + [
          kube.object('trust.cert-manager.io/v1alpha1', 'Bundle', bundle, rest={ spec: {
            sources: [{ secret: { name: bundle, key: 'ca.crt' } }],
            target: { configMap: { key: 'ca.crt' } },
          } }),
        ],
        'monitor.yaml': platform.monitoring.podMonitor(name, p.namespace, { matchLabels: labels }, [{ port: 'metrics' }]),
      },
      waivers: waive(
        ['network/open-policy'],
        { kind: 'NetworkPolicy', namespace: p.namespace, name: name },
        'The API server asks it by its webhook, and no policy can say where that stands.'
      ) + waive(
        ['reliability/liveness-probe'],
        { kind: 'Deployment', namespace: p.namespace, name: name },
        'The chart has no value for one: it ends where it cannot go on.'
      ) + waive(
        ['reliability/probe-port'],
        { kind: 'Deployment', namespace: p.namespace, name: name },
        'The chart does not declare the port of its probe.'
      ) + waive(
        ['rbac/secrets'],
        { kind: 'Role', namespace: source, name: name },
        'Authorities stand in Secrets of this namespace, beside their keys; nowhere else may it read any.'
      ),
    },
)
