// pod-security lets namespaces refuse pods that run as root or with rights on the machine.
//
// It brings nothing of its own: the API server does it, by the labels that every namespace here has.
local component = import '../lib/component.libsonnet';

component(
  {
    name: 'pod-security',
    purpose: 'namespaces refuse pods that run as root or with rights on the machine',
    capability: 'non-root',
    option: 'pod-security',
  },
  { namespace: 'kube-system' },
  function(p, platform) { provides:: { level: platform.podSecurity } },
)
