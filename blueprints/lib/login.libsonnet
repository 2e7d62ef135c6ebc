// login holds what all do alike that people log in to by the capability authentication. It knows none of them.
//
// Clients have no secret: they prove by PKCE that they ask for the token of a login which they began themselves.
local client = {
  id: error 'clients: a client has no id',
  name: error 'clients: ' + self.id + ' has no name',
  redirectURIs: error 'clients: ' + self.id + ' has no redirectURIs',
  kubernetes: false,  // its users' tokens are shown to the API server
};

// version is that of the file by which an API server learns whom to believe.
local version(kubernetes) = 'apiserver.config.k8s.io/' + (if std.parseInt(std.split(kubernetes, '.')[1]) >= 34 then 'v1' else 'v1beta1');

{
  // serves says whether people can log in.
  serves(platform):: platform.authentication.issuer != null,

  // clients are those of a component. They are told before anybody can log in: what serves authentication may read them once.
  clients(given)::
    local filled(one) =
      local strange = std.setDiff(std.objectFields(one), std.objectFields(client));
      if strange != [] then error 'clients: unknown field ' + strange[0] + '; there are ' + std.join(', ', std.objectFields(client))
      else client + one;
    [filled(one) for one in given],

  // configuration tells the API server whose tokens it takes. Names that Kubernetes keeps for itself no token may bear.
  configuration(platform):: {
    apiVersion: version(platform.cluster.kubernetesVersion),
    kind: 'AuthenticationConfiguration',
    jwt: [{
      issuer: {
        url: platform.authentication.issuer,
        audiences: std.set([c.id for c in platform.clients if c.kubernetes]),
        audienceMatchPolicy: 'MatchAny',
      },
      claimMappings: { username: { claim: 'email', prefix: '' }, groups: { claim: 'groups', prefix: '' } },
      userValidationRules: [
        { expression: "!user.username.startsWith('system:')", message: 'names that begin with system: belong to Kubernetes' },
        { expression: "user.groups.all(group, !group.startsWith('system:'))", message: 'groups that begin with system: belong to Kubernetes' },
      ],
    }],
  },

  // authority are the objects that make the Secret of the authority that signed the issuer's certificate, in ca.crt. There are
  // none where all the world knows it.
  authority(platform, name, namespace, labels={})::
    if self.serves(platform) && platform.authentication.certified then platform.certificates.authority(self.secret(name), namespace, labels) else [],

  // quoted is a group as the policies of Argo CD have it.
  quoted(group):: if std.member(group, ',') then '"' + group + '"' else group,

  // secret is the name of that Secret.
  secret(name):: name + '-login-authority',
}
