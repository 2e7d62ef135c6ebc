// certificates: trusted certificates.
local capability = import '../lib/capability.libsonnet';
local fact = import '../lib/fact.libsonnet';

capability({
  name: 'certificates',
  purpose: 'trusted certificates',
  vital: 'certificates run out, and what they let in is shut out',
  takes: 'recommended cert-manager',
  facts: {
    issuer: fact('the name of the ClusterIssuer'),
    annotations: fact('what an object carries that wants a certificate, where it makes the certificate by that', {}),
    certificate: fact('`(name, namespace, hosts)`: the objects that fill the Secret `<name>-tls`', function(name, namespace, hosts) []),
    root: fact('the name of the ClusterIssuer that signs for names within the cluster, which no one outside of it can'),
    internal: fact('`(name, namespace, hosts)`: the objects that fill the Secret `<name>-tls` for names within the cluster, with the authority in `ca.crt`', function(name, namespace, hosts) []),
    circle: fact('`(name, namespace, members)`: the objects of an authority that certifies these alone, `{name, hosts}`: each fills the Secret `<name>-tls`, with the name as its subject, its key in PKCS #8 and that authority in `ca.crt`', function(name, namespace, members) []),
    authority: fact('`(name, namespace, labels)`: the objects that put the authority which signs certificates into `ca.crt` of a Secret, none where all the world knows it', function(name, namespace, labels={}) []),
  },
})
