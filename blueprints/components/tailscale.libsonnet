// tailscale lets people reach the cluster and its networks through a tailnet, wherever they are, without a port that is open.
//
// A Connector tells the tailnet of the networks of the cluster. What else is to be reached by a name of its own gets an Ingress of the
// class tailscale, or a Service of that class, beside the workload.
local component = import '../lib/component.libsonnet';
local derived = import '../lib/derived.libsonnet';
local kube = import '../lib/kube.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'tailscale';
local proxies = 'platform';
local secret = 'operator-oauth';
local operator = { matchLabels: { app: 'operator' } };

// list is what may be one network or several.
local list(networks) = if networks == null then [] else if std.isArray(networks) then networks else [networks];

local manual = |||
  ## Tailscale

  The policy of the tailnet says who owns the tags of the operator and of its proxies, and which routes nobody has to approve by hand:

  ```json
  {
    "tagOwners": {"tag:k8s-operator": [], OWNED},
    "autoApprovers": {"routes": {ROUTES}EXIT}
  }
  ```

  The Secret `NAMESPACE/operator-oauth` is an OAuth client of the tailnet with the scopes Devices Core and Auth Keys, for writing, and the tag `tag:k8s-operator`.
|||;

component(
  {
    name: name,
    purpose: 'lets people reach the cluster and its networks through a tailnet, without open ports',
    capability: 'remote-access',
    option: name,
    params: {
      routes: 'networks that the tailnet reaches',
      exitNode: 'whether devices may go to the internet through the cluster',
      connectors: 'pods that lead there, each on a machine of its own',
      tags: 'tags of the proxies in the tailnet',
    },
  },
  {
    namespace: name,
    version: '1.102.3',
    routes: derived('the networks that the spec names for pods, Services and load balancers', function(p, platform)
      std.flatMap(function(kind) list(std.get(platform.cluster.networks, kind)), ['loadBalancer', 'pod', 'service'])),
    exitNode: false,
    connectors: tier(1, 1, 2),
    tags: ['tag:k8s'],
  },
  function(p, platform)
    local tags = '[' + std.join(', ', [std.manifestJsonMinified(tag) for tag in p.tags]) + ']';
    local connected = p.routes != [] || p.exitNode;
    local image = 'docker.io/tailscale/tailscale';
    local object(kind, name, spec) = kube.object('tailscale.com/v1alpha1', kind, name, rest={ spec: spec });
    local text(template) = std.foldl(
      function(text, word) std.strReplace(text, word[0], word[1]),
      [
        ['NAMESPACE', p.namespace],
        ['OWNED', std.join(', ', [std.manifestJsonMinified(tag) + ': ["tag:k8s-operator"]' for tag in p.tags])],
        ['ROUTES', std.join(', ', [std.manifestJsonMinified(route) + ': ' + tags for route in p.routes])],
        ['EXIT', if p.exitNode then ', "exitNode": ' + tags else ''],
      ],
      template
    );
    {
      stage: why(stages.last, 'It waits for a Secret that somebody makes, and nothing else should.'),
      extrasStage: stages.last,
      crds: true,
      namespaces: { [p.namespace]: 'privileged' },
      registries: ['docker.io/tailscale/'],
      images: ['tailscale/k8s-operator'],
      charts: [{
        repo: 'https://pkgs.tailscale.com/helmcharts',
        name: 'tailscale-operator',
        version: p.version,
        values: {
          operatorConfig: {
            hostname: platform.spec.name + '-' + platform.cluster.name + '-operator',
            image: { pullPolicy: 'IfNotPresent' },
            extraEnv: why([{ name: 'XDG_CONFIG_HOME', value: '/tmp' }], 'Where it may write; who it is in the tailnet stands in a Secret.'),
            podSecurityContext: why(kube.user(65532), 'The image names no user.'),
            securityContext: kube.confined { readOnlyRootFilesystem: true },
            resources: kube.resources('20m', '96Mi', '256Mi'),
          },
          proxyConfig: {
            defaultProxyClass: proxies,
            defaultTags: std.join(',', p.tags),
            [if platform.image(image) != image then 'image']: { repository: platform.image(image) },
          },
        },
      }],
      patches: [{
        target: { kind: 'Deployment', name: 'operator' },
        patch: kube.object('apps/v1', 'Deployment', 'operator', rest={ spec: { template: { spec: {
          containers: [{ name: 'operator', volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }] }],
          volumes: [{ name: 'tmp', emptyDir: {} }],
        } } } }),
      }],
      objects: {
        // Everything begins with the operator; nobody asks it.
        'network-policy.yaml': kube.reached('operator', p.namespace, operator, []),
      },
      extras: {
        'proxies.yaml': object('ProxyClass', proxies, {
          [if platform.monitoring.measures then 'metrics']: { enable: true, serviceMonitor: { enable: true } },
          statefulSet: { pod: {
            tailscaleContainer: { resources: kube.resources('20m', '64Mi', '256Mi') },
            tailscaleInitContainer: { resources: kube.resources('10m', '16Mi', '64Mi') },
          } },
        }),
        'connector.yaml': if !connected then [] else object('Connector', proxies, {
          hostnamePrefix: platform.spec.name + '-' + platform.cluster.name,
          replicas: p.connectors,
          tags: p.tags,
          [if p.routes != [] then 'subnetRouter']: { advertiseRoutes: p.routes },
          exitNode: p.exitNode,
        }),
      },
      decisions: if connected then [] else [{
        what: 'the tailnet reaches none of its networks: nobody said which',
        do: 'set components.tailscale.params.routes to them, such as [10.43.0.0/16], or clusters[].networks',
      }],
      readme: { section: text(manual) },
      secrets: [{ name: secret, namespace: p.namespace, keys: ['client_id', 'client_secret'], purpose: 'the OAuth client by which it joins the tailnet' }],
      waivers: waive(
        ['reliability/liveness-probe', 'reliability/readiness-probe'],
        { kind: 'Deployment', namespace: p.namespace, name: 'operator' },
        'It ends where it cannot go on, serves nobody, and the chart has no value for probes.'
      ) + waive(
        ['rbac/secrets'],
        { kind: 'Role', namespace: p.namespace, name: 'operator' },
        'Who each proxy is in the tailnet stands in Secrets beside it, which it makes.'
      ) + waive(
        ['secrets/plaintext-credential'],
        { kind: 'Deployment', namespace: p.namespace, name: 'operator', container: 'operator' },
        'OPERATOR_SECRET is the name of a Secret.'
      ),
    },
)
