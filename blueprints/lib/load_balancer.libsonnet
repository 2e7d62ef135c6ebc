// load_balancer holds what the options of the capability load-balancer do alike that give Services addresses out of the spec.
{
  // addresses are those that a cluster has for Services.
  addresses(cluster):: std.get(cluster.networks, 'loadBalancer', []),

  // undecided is what somebody must decide where there are none.
  undecided(addresses):: if addresses != [] then [] else [{
    what: 'there are no addresses for Services of type LoadBalancer',
    do: 'set networks.loadBalancer, such as [192.168.1.224/28]',
  }],
}
