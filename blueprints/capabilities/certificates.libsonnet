// certificates: trusted certificates.
local capability = import '../lib/capability.libsonnet';
local fact = import '../lib/fact.libsonnet';

capability({
  name: 'certificates',
  purpose: 'trusted certificates',
  takes: 'recommended cert-manager',
  facts: {
    issuer: fact('the name of the ClusterIssuer'),
    annotations: fact('what an object carries that wants a certificate, where it makes the certificate by that', {}),
    certificate: fact('`(name, namespace, hosts)`: the objects that fill the Secret `<name>-tls`', function(name, namespace, hosts) []),
  },
})
