// ingress holds what all options of the capability ingress do alike. It knows none of them.
local kube = import 'kube.libsonnet';

// A page is what a component asks them to expose: {name, namespace, host, service, port}. They speak plain HTTP with
// the service, unless the page has backendTLS: {hostname, secret}, the name that the service's certificate bears and
// the Secret beside it with the authority that signed it, in ca.crt.
local page = {
  name: error 'expose: a page has no name',
  namespace: error 'expose: ' + self.name + ' has no namespace',
  host: error 'expose: ' + self.name + ' has no host',
  service: error 'expose: ' + self.name + ' has no service',
  port: error 'expose: ' + self.name + ' has no port',
  backendTLS: null,
};

{
  // host is the host of a component's page: what its parameter host says, else name below the cluster's domain.
  host(platform, component, name, given)::
    local domain = platform.cluster.domain;
    if given == null then name + '.' + domain
    else if given == domain || std.endsWith(given, '.' + domain) then given
    else error 'components.' + component + '.params.host: ' + given + ' is outside of the domain ' + domain + ' of the cluster ' + platform.cluster.name,

  // page fills in what a component leaves out.
  page(given)::
    local strange = std.setDiff(std.objectFields(given), std.objectFields(page));
    if strange != [] then error 'expose: unknown field ' + strange[0] + '; there are ' + std.join(', ', std.objectFields(page))
    else page + given,

  // overTLS says whether pages have certificates. Without any they are shown as plain HTTP.
  overTLS(platform):: platform.certificates.served,

  // secret is the Secret with the certificate of a page. Where certificates come from outside, it is to be there.
  secret(page):: page.name + '-tls',

  // certificate are the objects that fill this Secret.
  certificate(platform, page):: platform.certificates.certificate(page.name, page.namespace, [page.host]),

  // annotations ask for the certificate where nothing makes objects that do: it comes from outside.
  annotations(platform, page):: if self.certificate(platform, page) != [] then {} else platform.certificates.annotations,

  // proxies are the pods that show pages, as the rules of a NetworkPolicy name them: a page that asks nobody who they are is
  // for these alone.
  proxies(platform):: kube.from([namespace for namespace in [platform.ingress.namespace] if namespace != null]),

  // service is how the proxies are reached from outside. A Service of type LoadBalancer that nothing gives an address
  // is never healthy, and all later sync waves wait for it.
  service(platform):: {
    type: platform['load-balancer'].service,
    externalTrafficPolicy: platform['load-balancer'].externalTrafficPolicy,
  },

  // serviceComment says why the proxies are reached so.
  serviceComment(platform)::
    if self.service(platform).type == 'LoadBalancer' then "Cluster, unless routes lead to the proxies' own machines only: with L2 announcements another may answer for the address."
    else 'Nothing gives load balancers an address here: set clusters[].networks.loadBalancer, or say what does with\ncapabilities.load-balancer: {external: {by: ..., reason: ...}}. Until then this waits for no address.',
}
