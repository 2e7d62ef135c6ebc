// ingress: expose web applications.
local capability = import '../lib/capability.libsonnet';
local fact = import '../lib/fact.libsonnet';
local tier = import '../lib/tier.libsonnet';

capability({
  name: 'ingress',
  purpose: 'expose web applications',
  vital: 'no page opens, and certificates are not renewed by it',
  takes: tier('mandatory traefik', 'mandatory contour', 'mandatory envoy-gateway'),
  facts: {
    namespace: fact('where the proxies stand'),
    service: fact('where its proxies are reached within the cluster, as a host'),
    class: fact('the class of Ingress that it shows'),
    solver: fact('how ACME challenges by HTTP are answered, where no class of Ingress does that'),
    sources: fact('what external-dns calls the objects of pages', []),
    listenerSets: fact('whether the hosts of pages stand in ListenerSets', false),
    exposes: fact('whether it shows pages', false),
    expose: fact('`(page)`: the objects that show a page, certificate included', function(page) []),
  },
})
