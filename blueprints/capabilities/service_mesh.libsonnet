// service-mesh: traffic management, mutual TLS.
local capability = import '../lib/capability.libsonnet';
local fact = import '../lib/fact.libsonnet';

capability({
  name: 'service-mesh',
  purpose: 'traffic management, mutual TLS',
  vital: 'pods in the mesh start without an identity, or not at all',
  takes: 'optional',
  facts: {
    namespace: fact('where its control plane stands'),
    anchors: fact('the namespace with the Secrets of its authorities, out of which trust-manager hands them on'),
    chained: fact('whether a program of its own stands behind that of the network, and takes the connections of pods over', false),
    labels: fact('labels of namespaces whose pods are in the mesh', {}),
    annotations: fact('annotations of these', {}),
    policies: fact('`(namespace)`: the objects that let the pods of a namespace take part, where a policy lets nothing in or out', function(namespace) []),
  },
})
