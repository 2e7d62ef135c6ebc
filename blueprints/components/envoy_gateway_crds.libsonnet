// envoy-gateway-crds brings the kinds of the Gateway API and of Envoy Gateway, before anything that uses them.
local component = import '../lib/component.libsonnet';
local why = import '../lib/why.libsonnet';
local stages = import '../stages.libsonnet';

component(
  { name: 'envoy-gateway-crds', purpose: 'brings the kinds of the Gateway API and of Envoy Gateway' },
  { namespace: 'envoy-gateway-system', version: 'v1.9.0' },
  function(p, platform) {
    stage: stages.kinds,
    crds: true,
    syncOptions: ['ServerSideApply=true'],
    charts: [{
      repo: 'oci://docker.io/envoyproxy',
      name: 'gateway-crds-helm',
      version: p.version,
      values: { crds: {
        gatewayAPI: {
          enabled: true,
          channel: why('standard', 'What is experimental may change or go; HTTP, gRPC, TLS, TCP and UDP routes are standard.'),
        },
        envoyGateway: { enabled: true },
      } },
    }],
  },
)
