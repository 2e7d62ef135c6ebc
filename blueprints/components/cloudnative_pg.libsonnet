// cloudnative-pg runs databases of PostgreSQL for others.
local component = import '../lib/component.libsonnet';
local kube = import '../lib/kube.libsonnet';
local measure = import '../lib/measure.libsonnet';
local tier = import '../lib/tier.libsonnet';
local waive = import '../lib/waive.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

local name = 'cloudnative-pg';
local image = 'ghcr.io/cloudnative-pg/cloudnative-pg';
local pods = { matchLabels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': name } };

component(
  { name: name, purpose: 'runs databases of PostgreSQL for others' },
  { namespace: 'cnpg-system', version: '0.29.0', replicas: tier(1, 2, 2) },
  function(p, platform)
    {
      stage: stages.operators,
      crds: true,
      syncOptions: ['ServerSideApply=true'],
      namespaces: { [p.namespace]: 'restricted' },
      registries: ['ghcr.io/cloudnative-pg/'],
      images: [image],
      charts: [{
        repo: 'https://cloudnative-pg.github.io/charts',
        name: name,
        version: p.version,
        values: {
          replicaCount: why(p.replicas, 'One works, another waits for its turn.'),
          [if p.replicas > 1 then 'topologySpreadConstraints']: kube.spread(pods.matchLabels),
          [if platform.image(image) != image then 'image']: why({ repository: platform.image(image) }, 'The databases run this image too, before their own.'),
          priorityClassName: why(kube.critical, kube.whyCritical),
          resources: kube.resources('50m', '128Mi', '512Mi'),
        },
      }],
      objects: {
        'network-policy.yaml': kube.asked(name, p.namespace, pods, 'webhook-server', platform.monitoring.peers),
      },
      extras: {
        'monitor.yaml': platform.monitoring.podMonitor(name, p.namespace, pods, [{ port: 'metrics' }]),
      },
      extrasStage: stages.last,
      waivers: waive(
        ['network/open-policy'],
        { kind: 'NetworkPolicy', namespace: p.namespace, name: name },
        'The API server asks it by its webhook, and no policy can say where that stands.'
      ),
    },
)
